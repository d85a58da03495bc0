import HeadraceCore
import HeadraceShards

extension DecimalInteger {
  /// The number in the bytes of a field.
  ///
  /// - Throws: `wrongType` where they are anything else, or beyond 64 bits.
  static func ofField(_ bytes: Span<UInt8>) throws(HeadraceError) -> Int {
    do throws(Mistake) {
      return try parse(bytes.indices.map { bytes[$0] })
    } catch {
      throw HeadraceError(.wrongType, "The field is \(error.message); correct the data, or decode it otherwise.")
    }
  }
}
