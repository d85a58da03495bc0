import CHeadraceSIMD

extension ColorAdjustment {
  /// Changes the colors of interleaved pixels: as torchvision.transforms.v2.functional does with uint8 tensors.
  ///
  /// With g the `gray(_:_:_:)` of a pixel, in float32; results are cut off at 0 and 255, then rounded down:
  ///
  /// - `brightness(f)`: v becomes f v.
  /// - `contrast(f)`: v becomes f v + (1 - f) m, m the mean of all pixels' gray; of gray images, of all values.
  /// - `saturation(f)`: v becomes f v + (1 - f) g.
  /// - `hue(h)`: to hue, saturation and value, h added to the hue modulo 1, and back times 255.999; see
  ///   headrace_colors.h.
  /// - `grayscale`: each of the three becomes g.
  ///
  /// The second product of each sum is not rounded before it is added, as PyTorch has it where the processor has FMA.
  /// Pixels without colors, `gray`, know brightness and contrast only; alpha stays as it is.
  ///
  /// - Complexity: O(pixels); allocates nothing.
  func apply(
    to pixels: inout MutableSpan<UInt8>, channels: ImageChannels, variant: SIMDWidth = .widest
  ) {
    precondition(pixels.count.isMultiple(of: channels.rawValue), "\(pixels.count) bytes of \(channels)")
    guard !pixels.isEmpty else { return }
    unsafe pixels.withUnsafeMutableBufferPointer { bytes in
      switch self {
      case .brightness(let factor):
        unsafe Self.replace(bytes, channels) { Self.cutOff(Float(factor) * Float($0)) }
      case .contrast(let factor):
        // The product of two such numbers is exact as a double.
        let mean = unsafe Self.meanGray(UnsafeBufferPointer(bytes), channels)
        let offset = Double(Float(1 - factor)) * Double(mean)
        unsafe Self.replace(bytes, channels) { Self.cutOff(Float(Double(Float(factor) * Float($0)) + offset)) }
      case .saturation(let factor):
        guard channels != .gray else { return }
        unsafe headrace_blend_gray(
          variant.rawValue, Float(factor), Float(1 - factor), bytes.baseAddress!, bytes.count / channels.rawValue,
          channels.rawValue)
      case .hue(let turns):
        let shift = Float(turns.remainder(dividingBy: 1))
        guard channels != .gray && shift.isFinite else { return }
        unsafe headrace_turn_hue(
          variant.rawValue, shift, bytes.baseAddress!, bytes.count / channels.rawValue, channels.rawValue)
      case .grayscale:
        guard channels != .gray else { return }
        for i in stride(from: 0, to: bytes.count, by: channels.rawValue) {
          let gray = unsafe Self.gray(bytes[i], bytes[i + 1], bytes[i + 2])
          for c in 0..<3 { unsafe bytes[i + c] = gray }
        }
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

  /// The mean of all pixels' gray, from its exact sum.
  private static func meanGray(_ bytes: UnsafeBufferPointer<UInt8>, _ channels: ImageChannels) -> Float {
    var sum = 0
    if channels == .gray {
      for i in 0..<bytes.count { unsafe sum += Int(bytes[i]) }
    } else {
      for i in stride(from: 0, to: bytes.count, by: channels.rawValue) {
        unsafe sum += Int(Self.gray(bytes[i], bytes[i + 1], bytes[i + 2]))
      }
    }
    return Float(Double(sum) / Double(bytes.count / channels.rawValue))
  }

  /// Cuts off at 0 and 255, and rounds down; what is no number becomes 0.
  @inline(__always)
  private static func cutOff(_ value: Float) -> UInt8 { value > 0 ? value < 255 ? UInt8(value) : 255 : 0 }

  /// 0.2989 r + 0.587 g + 0.114 b, rounded down: in integers, so exact.
  ///
  /// torchvision has the sum in float32. With FMA, 3 of all colors come out 1 lower there, whose exact sums are whole.
  @inline(__always)
  static func gray(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: (2989 * UInt32(red) &+ 5870 * UInt32(green) &+ 1140 * UInt32(blue)) / 10_000)
  }
}
