import CHeadraceSIMD

/// Color times alpha and back, in 8 bits: what averaging RGBA needs, so that transparent pixels do not tint others.
///
/// Rounds as Pillow's conversions between the modes RGBA and RGBa do.
package enum Premultiplication {
  /// Multiplies the colors of RGBA pixels by their alpha over 255, rounded to nearest.
  ///
  /// - Complexity: O(pixels).
  package static func multiply(_ source: Span<UInt8>, into target: inout MutableSpan<UInt8>) {
    precondition(source.count == target.count && source.count % 4 == 0)
    unsafe source.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { target in
        unsafe headrace_premultiply(source.baseAddress, target.baseAddress, source.count / 4)
      }
    }
  }

  /// Divides the colors of RGBA pixels by their alpha over 255, rounded down, at most 255; leaves alpha 0 as it is.
  ///
  /// - Complexity: O(pixels).
  package static func divide(_ pixels: inout MutableSpan<UInt8>) {
    precondition(pixels.count % 4 == 0)
    unsafe pixels.withUnsafeMutableBufferPointer { unsafe headrace_unpremultiply($0.baseAddress, $0.count / 4) }
  }
}
