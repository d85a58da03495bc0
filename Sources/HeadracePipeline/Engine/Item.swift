import HeadraceCore

/// A sample in flight, with what is needed to name it when it fails.
struct Item: Sendable {
  /// Position in the epoch, from 0.
  let position: Int
  let label: SampleLabel?
  let value: AnySample
}

/// A sample's name; a class, since it is passed on far more often than read.
final class SampleLabel: Sendable {
  let id: SampleID
  init(_ id: SampleID) { self.id = id }
}
