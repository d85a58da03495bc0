import HeadraceCore

/// A sample's name; a class, since it is passed on far more often than read.
@usableFromInline final class SampleLabel: Sendable {
  let id: SampleID
  @usableFromInline init(_ id: SampleID) { self.id = id }
}
