import HeadraceCore

extension PixelBox {
  /// Overwrites the box in an image of interleaved pixels.
  ///
  /// - Parameter value: one number for each channel, or one for all; none is 0, as is what is missing. Rounded to the
  ///   nearest, halves to even, and cut off at 0 and 255.
  /// - Complexity: O(bytes of the box); allocates nothing.
  func erase(
    _ pixels: inout MutableSpan<UInt8>, width: Int, height: Int, channels: ImageChannels, value: [Float]
  ) {
    var bytes = unsafe pixels.mutableBytes
    erase(&bytes, .uint8, layout: .hwc, width: width, height: height, channels: channels, value: value)
  }

  /// Overwrites the box in a tensor `[H, W, C]`, or `[C, H, W]` if planar.
  ///
  /// - Parameters:
  ///   - dtype: uint8, float16, bfloat16 or float32; other types are left as they are.
  ///   - value: one number for each channel, or one for all; none is 0, as is what is missing. Rounded to the type,
  ///     halves to even; uint8 is cut off at 0 and 255.
  /// - Complexity: O(bytes of the box); allocates nothing.
  func erase(
    _ tensor: inout MutableRawSpan, _ dtype: DType, layout: ImageLayout, width: Int, height: Int,
    channels: ImageChannels, value: [Float]
  ) {
    let count = channels.rawValue
    precondition(
      isWithin(width: width, height: height) && tensor.byteCount >= width * height * count * dtype.byteCount,
      "\(self) of \(width)x\(height) \(channels) in \(tensor.byteCount) bytes of \(dtype)")
    func number(_ channel: Int) -> Float {
      value.count == 1 ? value[0] : channel < value.count ? value[channel] : 0
    }
    switch dtype {
    case .uint8: fill(&tensor, layout, width, height, count) { Self.uint8(number($0)) }
    case .float16: fill(&tensor, layout, width, height, count) { Float16(number($0)) }
    case .bfloat16: fill(&tensor, layout, width, height, count) { BFloat16(number($0)) }
    case .float32: fill(&tensor, layout, width, height, count) { number($0) }
    default: break
    }
  }

  /// Writes the first row of the box element by element, and copies it to the others; plane by plane if planar.
  @inline(__always)
  private func fill<Element: BitwiseCopyable>(
    _ tensor: inout MutableRawSpan, _ layout: ImageLayout, _ imageWidth: Int, _ imageHeight: Int,
    _ channels: Int, by element: (_ channel: Int) -> Element
  ) {
    let size = MemoryLayout<Element>.size
    let (planes, perPixel) = layout == .chw ? (channels, 1) : (1, channels)
    let rowByteCount = width * perPixel * size
    let stride = imageWidth * perPixel * size
    unsafe tensor.withUnsafeMutableBytes { bytes in
      for plane in 0..<planes {
        let first = unsafe bytes.baseAddress! + (plane * imageHeight + y) * stride + x * perPixel * size
        for channel in 0..<perPixel {
          let element = element(plane + channel)
          for column in 0..<width {
            unsafe first.storeBytes(of: element, toByteOffset: (column * perPixel + channel) * size, as: Element.self)
          }
        }
        for row in 1..<max(height, 1) {
          unsafe (first + row * stride).copyMemory(from: first, byteCount: rowByteCount)
        }
      }
    }
  }

  private static func uint8(_ number: Float) -> UInt8 {
    UInt8(max(0, min(255, number.rounded(.toNearestOrEven))))
  }
}
