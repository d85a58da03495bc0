import HeadraceCore

/// A pipeline that has been checked: every mistake that can be found before the start has been.
public struct PipelinePlan: Sendable {
  /// The stages, from the source to the batch: 2 to 62, each with a name of its own.
  public let stages: [StageDescription]
  /// What a batch holds. All sizes in it are possible.
  public let spec: BatchSpec
  /// What becomes of the samples at the end of an epoch that do not fill a batch.
  public let partial: PartialBatch
  /// The tensors of a full batch, laid out in a slot's payload.
  public let tensors: [BatchTensor]
  let build: @Sendable (RunBuilder, any BatchSink) -> Void

  /// The longest name of a stage, in bytes of UTF-8.
  public static let maximumNameByteCount = 39
  /// The most stages of a pipeline.
  public static let maximumStageCount = 62
  /// The highest concurrency of a stage.
  public static let maximumConcurrency = 4096

  /// Checks `pipeline`, opening and listing its source but reading no sample.
  ///
  /// - Throws: `invalidPipeline`, naming the stage and the mistake; what the source's own check throws.
  public init(_ pipeline: BatchPipeline) throws(HeadraceError) {
    stages = pipeline.stages
    spec = pipeline.spec
    partial = pipeline.partial
    build = pipeline.build
    guard stages.count <= Self.maximumStageCount else {
      throw HeadraceError(
        .invalidPipeline,
        "The pipeline has \(stages.count) stages; at most \(Self.maximumStageCount) are possible, so do several steps in"
          + " one.")
    }
    var names = Set<String>()
    for stage in stages {
      func fail(_ mistake: String) -> HeadraceError {
        HeadraceError(.invalidPipeline, mistake, stage: stage.name)
      }
      guard (1...Self.maximumNameByteCount).contains(stage.name.utf8.count) else {
        throw fail(
          "A stage's name must have 1 to \(Self.maximumNameByteCount) bytes; \"\(stage.name)\" has"
            + " \(stage.name.utf8.count).")
      }
      guard names.insert(stage.name).inserted else {
        throw fail("Two stages are named \"\(stage.name)\"; give each \(stage.kind.rawValue) stage a name of its own.")
      }
      guard (1...Self.maximumConcurrency).contains(stage.concurrency) else {
        throw fail("Concurrency \(stage.concurrency) is not possible; it must be 1 to \(Self.maximumConcurrency).")
      }
      if let prefetch = stage.prefetch, !(1...(1 << 24)).contains(prefetch) {
        throw fail("Prefetch \(prefetch) is not possible; it must be 1 to \(1 << 24).")
      }
      guard stage.failurePolicy.tolerated >= 0 else {
        throw fail("skip(upTo: \(stage.failurePolicy.tolerated)) is not possible; it must be 0 or more.")
      }
    }
    do throws(HeadraceError) {
      try spec.validate()
    } catch {
      var named = error
      named.stage = stages.last?.name
      throw named
    }
    do throws(HeadraceError) {
      try pipeline.validateSource()
    } catch {
      var named = error
      named.stage = stages.first?.name
      throw named
    }
    tensors = BatchTensor.layOut(spec, rows: spec.size)
  }

  /// Bytes that a slot needs for a full batch.
  public var payloadByteCount: Int { BatchTensor.payloadByteCount(tensors) }
}
