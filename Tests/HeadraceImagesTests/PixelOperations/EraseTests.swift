import HeadraceCore
import Testing

@testable import HeadraceImages

/// Erased boxes against plain loops over elements.
@Suite struct EraseTests {
  static let values: [[Float]] = [[], [7.5], [1.5, -3, 300, 0.1], [6.5, 1e-6, 65_000, -0.5]]

  @Test(arguments: [DType.uint8, .float16, .bfloat16, .float32], ImageChannels.allCases)
  func onlyTheBoxIsOverwrittenWithEachChannelsValue(_ dtype: DType, _ channels: ImageChannels) {
    let count = channels.rawValue
    for (width, height) in [(1, 1), (5, 3), (8, 9)] {
      for box in Self.boxes(width, height) {
        for value in Self.values {
          for layout in [ImageLayout.hwc, .chw] {
            var expected = (0..<(width * height * count * dtype.byteCount)).map { UInt8($0 & 255) }
            var result = expected
            for y in box.y..<(box.y + box.height) {
              for x in box.x..<(box.x + box.width) {
                for c in 0..<count {
                  let at = layout == .chw ? (c * height + y) * width + x : (y * width + x) * count + c
                  let number = value.isEmpty ? 0 : value.count == 1 ? value[0] : value[c]
                  for (i, byte) in Self.bytes(of: number, dtype).enumerated() {
                    expected[at * dtype.byteCount + i] = byte
                  }
                }
              }
            }
            var span = result.mutableSpan
            var bytes = unsafe span.mutableBytes
            box.erase(
              &bytes, dtype, layout: layout, width: width, height: height, channels: channels, value: value)
            #expect(result == expected, "\(box) of \(width)x\(height), \(layout), \(value)")
          }
        }
      }
    }
  }

  @Test func pixelsAreErasedAsATensorOfThemIs() {
    var pixels = NoisyPixels.make(3, 2, .rgb)
    let kept = pixels[0..<3] + pixels[9..<12]
    var span = pixels.mutableSpan
    PixelBox(x: 1, y: 0, width: 2, height: 2).erase(
      &span, width: 3, height: 2, channels: .rgb, value: [-1, 2.5, 999])
    #expect(pixels == kept[0..<3] + [0, 2, 255, 0, 2, 255] + kept[3...] + [0, 2, 255, 0, 2, 255])
  }

  private static func boxes(_ width: Int, _ height: Int) -> [PixelBox] {
    [
      PixelBox(x: 0, y: 0, width: width, height: height), PixelBox(x: width - 1, y: height - 1, width: 1, height: 1),
      PixelBox(x: width / 3, y: height / 2, width: width - width / 3, height: 1),
      PixelBox(x: 0, y: height / 3, width: 1, height: height - height / 3),
    ]
  }

  private static func bytes(of number: Float, _ dtype: DType) -> [UInt8] {
    func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    switch dtype {
    case .uint8: return [UInt8(max(0, min(255, number.rounded(.toNearestOrEven))))]
    case .float16: return little(Float16(number).bitPattern)
    case .bfloat16: return little(BFloat16(number).bitPattern)
    default: return little(number.bitPattern)
    }
  }
}
