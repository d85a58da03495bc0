/// The raw bits of a binary16, which become a `Float` and come of one by integers alone.
///
/// Processors without F16C convert `Float16` by calls; these are a few instructions, and loops of them use vectors. The
/// numbers are those of `Float(_: Float16)` and `Float16(_: Float)`: rounded to nearest, halves to even.
struct Float16Bits: BitwiseCopyable {
  private let bits: UInt16

  /// The nearest number; NaN stays NaN.
  @inline(__always)
  init(_ value: Float) {
    let pattern = value.bitPattern
    let size = pattern & 0x7FFF_FFFF
    // From 2^-14 on the exponent moves by 112 and the fraction loses 13 bits; a carry runs into the exponent.
    let normal = (size &- 112 << 23 &+ 0xFFF &+ (size >> 13 & 1)) >> 13
    // Below are steps of 2^-24: those that 0.5 has, to which adding it rounds.
    let small = (Float(bitPattern: size) + 0.5).bitPattern &- Float(0.5).bitPattern
    let finite = size < 0x3880_0000 ? small : normal
    // From 65,520 on numbers round to 2^16 or more: infinity.
    let special: UInt32 = size > 0x7F80_0000 ? 0x7E00 : 0x7C00
    bits = UInt16(truncatingIfNeeded: (size >= 0x477F_F000 ? special : finite) | pattern >> 16 & 0x8000)
  }

  /// The same number.
  @inline(__always)
  var float: Float {
    let size = UInt32(bits & 0x7FFF) << 13
    // Read as a binary32 the exponent is 112 too small, whether there is a leading 1 or not.
    let finite = (Float(bitPattern: size) * 0x1p112).bitPattern
    let pattern = size >= 0x0F80_0000 ? size | 0x7F80_0000 : finite
    return Float(bitPattern: pattern | UInt32(bits & 0x8000) << 16)
  }
}
