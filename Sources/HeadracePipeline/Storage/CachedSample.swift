import HeadraceCore

/// What a cache on disk says of a sample, beside its bytes.
package struct CachedSample: Sendable, Hashable {
  /// Position in its epoch, from 0.
  package var position: Int
  /// Where it came from, if its type told.
  package var sample: SampleID?
}
