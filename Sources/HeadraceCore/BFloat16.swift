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
    // Carries run into the exponent, as they should; only of NaNs can they run out of it.
    let rounded = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
    // Rounding could carry a NaN's fraction away, and cutting it off could leave 0: infinity.
    let quiet = bits >> 16 | 0x40
    bitPattern = UInt16(truncatingIfNeeded: value.isNaN ? quiet : rounded)
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
