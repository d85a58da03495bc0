extension ColorAdjustment {
  /// Changes the colors of interleaved pixels: as torchvision.transforms.v2.functional does with uint8 tensors.
  ///
  /// With g the gray of a pixel (see ``RGB/gray``), in float32; results are cut off at 0 and 255, then rounded down:
  ///
  /// - `brightness(f)`: v becomes f v.
  /// - `contrast(f)`: v becomes f v + (1 - f) m, m the mean of all pixels' gray; of gray images, of all values.
  /// - `saturation(f)`: v becomes f v + (1 - f) g.
  /// - `hue(h)`: see ``HueRotation``.
  /// - `grayscale`: each of the three becomes g.
  ///
  /// The second product of each sum is not rounded before it is added, as PyTorch has it where the processor has FMA.
  /// Pixels without colors, `gray`, know brightness and contrast only; alpha stays as it is.
  ///
  /// - Complexity: O(pixels); allocates nothing.
  func apply(to pixels: inout MutableSpan<UInt8>, channels: ImageChannels) {
    precondition(pixels.count.isMultiple(of: channels.rawValue), "\(pixels.count) bytes of \(channels)")
    guard !pixels.isEmpty else { return }
    unsafe pixels.withUnsafeMutableBufferPointer { bytes in
      switch self {
      case .brightness(let factor):
        let blend = ColorBlend(factor)
        unsafe Self.replace(bytes, channels) { blend.scaled($0) }
      case .contrast(let factor):
        let blend = ColorBlend(factor)
        let mean = unsafe blend.offset(of: Self.meanGray(UnsafeBufferPointer(bytes), channels))
        unsafe Self.replace(bytes, channels) { blend.blended($0, mean) }
      case .saturation(let factor):
        let blend = ColorBlend(factor)
        unsafe Self.changeColors(bytes, channels) { color in
          let gray = blend.offset(of: Float(color.gray))
          return RGB(blend.blended(color.red, gray), blend.blended(color.green, gray), blend.blended(color.blue, gray))
        }
      case .hue(let shift):
        let rotation = HueRotation(shift)
        unsafe Self.changeColors(bytes, channels) { rotation.rotated($0) }
      case .grayscale:
        unsafe Self.changeColors(bytes, channels) { RGB($0.gray, $0.gray, $0.gray) }
      }
    }
  }

  /// Replaces each value, but alpha, by what becomes of it.
  @inline(__always)
  private static func replace(
    _ bytes: UnsafeMutableBufferPointer<UInt8>, _ channels: ImageChannels, by value: (UInt8) -> UInt8
  ) {
    var table = InlineArray<256, UInt8>(repeating: 0)
    for v in 0..<256 { table[v] = value(UInt8(v)) }
    if channels != .rgba {
      for i in 0..<bytes.count { unsafe bytes[i] = table[Int(bytes[i])] }
      return
    }
    for i in stride(from: 0, to: bytes.count, by: 4) {
      for c in 0..<3 { unsafe bytes[i + c] = table[Int(bytes[i + c])] }
    }
  }

  /// Replaces each pixel's color, if pixels have one.
  @inline(__always)
  private static func changeColors(
    _ bytes: UnsafeMutableBufferPointer<UInt8>, _ channels: ImageChannels, by color: (RGB) -> RGB
  ) {
    guard channels != .gray else { return }
    for i in stride(from: 0, to: bytes.count, by: channels.rawValue) {
      let changed = unsafe color(RGB(bytes[i], bytes[i + 1], bytes[i + 2]))
      unsafe bytes[i] = changed.red
      unsafe bytes[i + 1] = changed.green
      unsafe bytes[i + 2] = changed.blue
    }
  }

  /// The mean of all pixels' gray, from its exact sum.
  private static func meanGray(_ bytes: UnsafeBufferPointer<UInt8>, _ channels: ImageChannels) -> Float {
    var sum = 0
    if channels == .gray {
      for i in 0..<bytes.count { unsafe sum += Int(bytes[i]) }
    } else {
      for i in stride(from: 0, to: bytes.count, by: channels.rawValue) {
        unsafe sum += Int(RGB(bytes[i], bytes[i + 1], bytes[i + 2]).gray)
      }
    }
    return Float(Double(sum) / Double(bytes.count / channels.rawValue))
  }
}
