/// Which code decodes a PNG file; what it makes of the file is the same.
package enum PNGPath: Hashable, Sendable {
  /// The fast path where it takes the file, libpng otherwise.
  case fast(SIMDWidth)
  /// libpng, the reference.
  case libpng

  /// What a loader uses.
  package static let standard = PNGPath.fast(.widest)
}
