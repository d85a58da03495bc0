import HeadracePipeline
import HeadraceRing

/// What a reader has to know of a loader that it has not started.
struct LoaderFacts: Codable, Sendable {
  var geometry: RingGeometry
  var stages: [StageDescription]
  var epochLimit: Int?
  var readers: Readers
}
