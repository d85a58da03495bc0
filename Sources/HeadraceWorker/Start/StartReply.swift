import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// What the consumer is told of a pipeline that it has asked for.
enum StartReply: Codable, Sendable {
  /// It can run, with a ring for what the summary says, in these processes.
  case ready(PipelineSummary, Processes)
  case refused(HeadraceError)

  /// Numbers of the processes that there are.
  struct Processes: Codable, Sendable {
    var supervisor: Int32
    var worker: Int32
  }

  /// What a consumer has to know of a pipeline that it has not made itself.
  struct PipelineSummary: Codable, Hashable, Sendable {
    /// Rows of a full batch.
    var batchSize: Int
    /// Bytes that a slot needs for any batch.
    var payloadByteCount: Int
    var stages: [StageDescription]

    init(_ plan: PipelinePlan) {
      batchSize = plan.spec?.size ?? 1
      payloadByteCount = plan.payloadByteCount
      stages = plan.stages
    }
  }
}

/// The ring for it, with the descriptors that go along.
struct RingOffer: Codable, Sendable {
  var geometry: RingGeometry
  /// What was promised: a worker that takes the place of another has to have the same.
  var summary: StartReply.PipelineSummary
}
