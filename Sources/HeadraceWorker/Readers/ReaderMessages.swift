import HeadraceCore
import HeadracePipeline
import HeadraceRing

/// What a process says that wants to read.
struct ReaderRequest: Codable, Sendable {
  /// The layout of rings that it knows.
  var version = RingLayout.version
  /// The place that it wants; nil: any.
  var place: Int?
}

/// What it is told.
enum ReaderReply: Codable, Sendable {
  /// It reads, from `position` on, at a place; with it come the supervisor's pidfd and the ring.
  case welcome(LoaderFacts, place: Int, position: UInt64)
  case refused(HeadraceError)
}

/// What a reader has to know of a loader that it has not started.
struct LoaderFacts: Codable, Sendable {
  var geometry: RingGeometry
  var stages: [StageDescription]
  var epochLimit: Int?
  var readers: Readers
}
