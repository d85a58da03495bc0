import CHeadraceSIMD
import HeadraceCore

/// What becomes of 8-bit samples in a tensor: its element type, its layout, and `x * scale + offset` for each channel.
///
/// Product and sum are rounded to float32, the result to the element type, halves to even; uint8 is cut off at 0 and
/// 255. All processors make the same bits.
package struct PixelConversion: Sendable {
  /// uint8, float16, bfloat16 or float32.
  package let dtype: DType
  /// Where the channels of a pixel are: side by side, or each in a plane of its own.
  package let layout: ImageLayout
  /// What a pixel is made of.
  package let channels: ImageChannels
  private var conversion: headrace_pixel_conversion

  /// - Parameters:
  ///   - scale: a finite factor for each channel.
  ///   - offset: a finite number for each channel, added to the product.
  /// - Throws: `invalidArgument` for another dtype, or for other numbers than one finite one for each channel.
  package init(
    _ dtype: DType, layout: ImageLayout, channels: ImageChannels, scale: [Float], offset: [Float]
  ) throws(HeadraceError) {
    let count = channels.rawValue
    guard scale.count == count, offset.count == count else {
      throw Self.otherNumbers(channels, "\(scale) and \(offset)")
    }
    var (scales, offsets) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
    for c in 0..<count { (scales[c], offsets[c]) = (scale[c], offset[c]) }
    try self.init(dtype, layout: layout, channels: channels, scale: scales, offset: offsets)
  }

  /// The same of vectors, of which the first elements are those of the channels; allocates nothing.
  init(
    _ dtype: DType, layout: ImageLayout, channels: ImageChannels, scale: SIMD4<Float>, offset: SIMD4<Float>
  ) throws(HeadraceError) {
    guard [.uint8, .float16, .bfloat16, .float32].contains(dtype) else {
      throw HeadraceError(
        .invalidArgument, "Pixels cannot become \(dtype); take uint8, float16, bfloat16 or float32.")
    }
    for c in 0..<channels.rawValue where !scale[c].isFinite || !offset[c].isFinite {
      throw Self.otherNumbers(channels, "\(scale[c]) and \(offset[c]) for channel \(c)")
    }
    self.dtype = dtype
    self.layout = layout
    self.channels = channels
    conversion = headrace_pixel_conversion()
    conversion.type = Int32(dtype.rawValue)
    conversion.planar = layout == .chw
    conversion.channels = channels.rawValue
    conversion.scale = (scale[0], scale[1], scale[2], scale[3])
    conversion.offset = (offset[0], offset[1], offset[2], offset[3])
  }

  private static func otherNumbers(_ channels: ImageChannels, _ numbers: String) -> HeadraceError {
    HeadraceError(
      .invalidArgument,
      "Pixels of \(channels) need \(channels.rawValue) finite scales and offsets, got \(numbers); "
        + "give one of each for each channel.")
  }

  /// Converts one row of pixels.
  ///
  /// - Parameters:
  ///   - row: `width * channels` bytes.
  ///   - mirrored: whether the last pixel comes first.
  ///   - target: begins with the row's first element; if planar, with that of the first channel.
  ///   - planeByteCount: if planar, the bytes from one channel's row to the next one's; else it does not matter.
  /// - Complexity: O(bytes).
  package func convert(
    row: Span<UInt8>, mirrored: Bool = false, into target: inout MutableRawSpan, planeByteCount: Int = 0,
    variant: SIMDWidth = .widest
  ) {
    let count = channels.rawValue
    let width = row.count / count
    let (planes, samples) = layout == .chw ? (count, width) : (1, row.count)
    let rowByteCount = samples * dtype.byteCount
    precondition(
      row.count == width * count && (planes == 1 || planeByteCount >= rowByteCount)
        && (planes - 1) * planeByteCount + rowByteCount <= target.byteCount,
      "\(row.count) samples of \(channels) as \(planes) rows of \(rowByteCount) bytes, \(planeByteCount) apart, are not"
        + " in \(target.byteCount) bytes")
    unsafe row.withUnsafeBufferPointer { row in
      unsafe target.withUnsafeMutableBytes { target in
        guard let pixels = row.baseAddress, let elements = target.baseAddress else { return }
        var conversion = conversion
        unsafe headrace_convert_row(
          variant.rawValue, &conversion, pixels, width, mirrored, elements, planeByteCount)
      }
    }
  }
}
