import HeadraceCore
import Testing

@testable import HeadraceImages

/// Conversion of rows, with each width of vectors that this processor has, against arithmetic in Swift.
@Suite struct PixelConversionTests {
  static let dtypes: [DType] = [.uint8, .float16, .bfloat16, .float32]
  static let scales: [[Float]] = [
    [1, 1, 1, 1], [1 / 255, 0.017, 3, -0.5], [0.5, -1, 300, 1e-7], [260, 1e-9, 1e36, 257],
  ]
  static let offsets: [[Float]] = [
    [0, 0, 0, 0], [-2.1, 0.25, 1e-6, 255], [0.5, 0, 1e-5, -1e-6], [0, 6e-8, 1e36, -15],
  ]

  @Test(arguments: dtypes, ImageChannels.allCases)
  func everyWidthAndValueIsThatOfPlainArithmetic(_ dtype: DType, _ channels: ImageChannels) throws {
    let size = channels.rawValue
    for (scale, offset) in zip(Self.scales, Self.offsets) {
      for layout in [ImageLayout.hwc, .chw] {
        let conversion = try PixelConversion(
          dtype, layout: layout, channels: channels, scale: Array(scale.prefix(size)),
          offset: Array(offset.prefix(size)))
        // 256 pixels hold all values in each channel.
        for width in Array(1...70) + [256] {
          for mirrored in [false, true] {
            let row = (0..<(width * size)).map { UInt8(truncatingIfNeeded: $0 / size + $0 % size * 85) }
            let plane = width * dtype.byteCount + 5
            let count = layout == .chw ? plane * (size - 1) + plane - 5 : width * size * dtype.byteCount
            var expected = [UInt8](repeating: 0xA5, count: count)
            for x in 0..<width {
              for c in 0..<size {
                let sample = Float(row[(mirrored ? width - 1 - x : x) * size + c])
                let bytes = Self.bytes(of: sample * scale[c] + offset[c], dtype)
                let at = layout == .chw ? c * plane + x * bytes.count : (x * size + c) * bytes.count
                expected.replaceSubrange(at..<(at + bytes.count), with: bytes)
              }
            }
            for variant in SIMDWidth.available {
              var result = [UInt8](repeating: 0xA5, count: count)
              var span = result.mutableSpan
              var bytes = unsafe span.mutableBytes
              conversion.convert(
                row: row.span, mirrored: mirrored, into: &bytes, planeByteCount: plane, variant: variant)
              #expect(result == expected, "\(variant) \(layout) \(width) \(mirrored) \(scale)")
            }
          }
        }
      }
    }
  }

  @Test func otherTypesAndNumbersAreRefused() {
    #expect(throws: HeadraceError.self) {
      _ = try PixelConversion(.int64, layout: .chw, channels: .gray, scale: [1], offset: [0])
    }
    #expect(throws: HeadraceError.self) {
      _ = try PixelConversion(.float32, layout: .chw, channels: .rgb, scale: [1], offset: [0, 0, 0])
    }
    #expect(throws: HeadraceError.self) {
      _ = try PixelConversion(.float32, layout: .chw, channels: .gray, scale: [.infinity], offset: [0])
    }
  }

  private static func bytes(of value: Float, _ dtype: DType) -> [UInt8] {
    func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    switch dtype {
    case .uint8: return [UInt8(max(0, min(255, value.rounded(.toNearestOrEven))))]
    case .float16: return little(Float16(value).bitPattern)
    case .bfloat16: return little(BFloat16(value).bitPattern)
    default: return little(value.bitPattern)
    }
  }
}
