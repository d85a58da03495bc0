/// The upper half of a binary32: a number of type `bfloat16`, as its raw bits.
///
/// It is for writing and reading tensors; to calculate, convert to `Float`, which holds each value exactly.
public struct BFloat16: Hashable, BitwiseCopyable, Sendable {
  /// One bit of sign, eight of exponent, seven of fraction.
  public var bitPattern: UInt16

  /// The number of these raw bits.
  public init(bitPattern: UInt16) {
    self.bitPattern = bitPattern
  }

  /// The number nearest to `value`; of two that are equally near, the one whose last bit is 0.
  ///
  /// So it is with PyTorch and JAX. What is beyond the largest number becomes infinite; NaN stays NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      // Rounding could carry a NaN's fraction away, and cutting it off could leave 0: infinity.
      bitPattern = UInt16(bits >> 16) | 0x40
    } else {
      // Carries run into the exponent, as they should. No overflow: infinity is the largest pattern, and has no
      // fraction.
      bitPattern = UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }
  }
}

extension Float {
  /// The same number: each `bfloat16` is a `Float`.
  public init(_ value: BFloat16) {
    self.init(bitPattern: UInt32(value.bitPattern) << 16)
  }
}

extension BFloat16: CustomStringConvertible {
  /// The number in decimal digits, such as `0.5`.
  public var description: String { "\(Float(self))" }
}
