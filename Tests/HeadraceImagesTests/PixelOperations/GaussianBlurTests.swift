import Glibc
import HeadraceCore
import Testing

@testable import HeadraceImages

/// The blur, with each width of vectors that this processor has, against sums over squares of pixels.
@Suite struct GaussianBlurTests {
  static let sizes = [(1, 1), (1, 7), (2, 2), (3, 1), (5, 4), (16, 3), (19, 23)]

  @Test(arguments: [1, 3, 5, 9, 23], ImageChannels.allCases)
  func everySizeIsTheSumOverSquaresOfMirroredPixels(_ kernelSize: Int, _ channels: ImageChannels) throws {
    var blur = GaussianBlur()
    for (width, height) in Self.sizes {
      for sigma in [0.1, 0.8, 2, 1000] {
        let pixels = NoisyPixels.make(width, height, channels)
        let sums = Self.plain(pixels, width, height, channels.rawValue, kernelSize, sigma)
        var first: [UInt8]?
        for variant in SIMDWidth.available {
          var result = [UInt8](repeating: 0xA5, count: pixels.count + 2)
          var span = result.mutableSpan
          let view = PixelView(pixels.span, width: width, height: height, channels: channels)
          try blur.run(view, kernelSize: kernelSize, sigma: sigma, into: &span, variant: variant)
          // Where a sum is next to a half, float32 may round it either way.
          let wrong = zip(result, sums).filter { abs(Double($0) - $1) > 0.5 + 1e-4 }
          #expect(wrong.isEmpty && result.suffix(2) == [0xA5, 0xA5], "\(width)x\(height) \(sigma) \(variant)")
          #expect(result == first ?? result, "\(variant) differs from scalar")
          first = result
        }
      }
    }
  }

  @Test(arguments: SIMDWidth.available)
  func oneColorStaysAsItIs(_ variant: SIMDWidth) throws {
    var blur = GaussianBlur()
    for value in [UInt8(0), 1, 127, 254, 255] {
      let pixels = [UInt8](repeating: value, count: 40 * 9 * 3)
      var result = [UInt8](repeating: 0xA5, count: pixels.count)
      var span = result.mutableSpan
      let view = PixelView(pixels.span, width: 40, height: 9, channels: .rgb)
      try blur.run(view, kernelSize: 101, sigma: 30, into: &span, variant: variant)
      #expect(result == pixels)
    }
  }

  @Test func memoryIsKeptForTheNextImageUntilItIsGivenBack() throws {
    var blur = GaussianBlur()
    #expect(blur.byteCount == 0)
    let pixels = NoisyPixels.make(50, 40, .rgb)
    var result = pixels
    var kept: [Int] = []
    for _ in 0..<2 {
      var span = result.mutableSpan
      try blur.run(
        PixelView(pixels.span, width: 50, height: 40, channels: .rgb), kernelSize: 5, sigma: 1, into: &span)
      kept.append(blur.byteCount)
    }
    #expect(kept[0] == kept[1] && kept[0] > 0 && kept[0] < 4096)
    blur.release()
    #expect(blur.byteCount == 0)
  }

  @Test(arguments: [(2, 1.0), (0, 1), (-3, 1), (3, 0), (3, -1), (3, Double.nan)])
  func evenKernelsAndSigmasWithoutWidthAreRefused(_ kernelSize: Int, _ sigma: Double) {
    let pixels: [UInt8] = [1]
    #expect(throws: HeadraceError.self) {
      var blur = GaussianBlur()
      var result = pixels
      var span = result.mutableSpan
      try blur.run(
        PixelView(pixels.span, width: 1, height: 1, channels: .gray), kernelSize: kernelSize, sigma: sigma,
        into: &span)
    }
  }

  /// Sums over squares around each pixel, not rounded.
  private static func plain(
    _ pixels: [UInt8], _ width: Int, _ height: Int, _ channels: Int, _ kernelSize: Int, _ sigma: Double
  ) -> [Double] {
    let radius = kernelSize / 2
    let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let total = weights.reduce(0, +)
    var result: [Double] = []
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<channels {
          var sum = 0.0
          for j in 0..<kernelSize {
            let row = mirrored(y + j - radius, height)
            var rowSum = 0.0
            for i in 0..<kernelSize {
              rowSum += weights[i] * Double(pixels[(row * width + mirrored(x + i - radius, width)) * channels + c])
            }
            sum += weights[j] * rowSum
          }
          result.append(sum / (total * total))
        }
      }
    }
    return result
  }

  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    var place = index
    while !(0..<count).contains(place) { place = place < 0 ? -place : 2 * (count - 1) - place }
    return place
  }
}
