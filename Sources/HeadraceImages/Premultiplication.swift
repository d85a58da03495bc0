/// Color times alpha and back, in 8 bits: what averaging RGBA needs, so that transparent pixels do not tint others.
///
/// Rounds as Pillow's conversions between the modes RGBA and RGBa do.
enum Premultiplication {
  /// Multiplies the colors of RGBA pixels by their alpha over 255, rounded to nearest.
  ///
  /// - Complexity: O(pixels).
  static func multiplied(_ pixels: [UInt8]) -> [UInt8] {
    var result = pixels
    var span = result.mutableSpan
    for i in stride(from: 0, to: span.count, by: 4) {
      let alpha = UInt32(span[i + 3])
      for c in i..<(i + 3) {
        let product = UInt32(span[c]) * alpha + 128
        span[c] = UInt8(truncatingIfNeeded: ((product >> 8) + product) >> 8)
      }
    }
    return result
  }

  /// Divides the colors of RGBA pixels by their alpha over 255, rounded down, at most 255; leaves alpha 0 as it is.
  ///
  /// - Complexity: O(pixels).
  static func divide(_ span: inout MutableSpan<UInt8>) {
    for i in stride(from: 0, to: span.count, by: 4) {
      let alpha = UInt32(span[i + 3])
      if alpha == 0 || alpha == 255 { continue }
      for c in i..<(i + 3) { span[c] = UInt8(min(255, UInt32(span[c]) * 255 / alpha)) }
    }
  }
}
