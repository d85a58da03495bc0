import HeadraceCore

/// A sample's name; a class, since it is passed on far more often than read.
final class SampleLabel: Sendable {
  let id: SampleID
  init(_ id: SampleID) { self.id = id }
}
