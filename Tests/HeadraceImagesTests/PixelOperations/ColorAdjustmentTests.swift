import Testing

@testable import HeadraceImages

/// Changes of color, with each width of vectors that this processor has, against torchvision's formulas.
@Suite struct ColorAdjustmentTests {
  static let factors = [0, 0.5, 0.731, 1, 1.4, 3, 1001]
  static let sizes = [(1, 1), (3, 1), (1, 5), (17, 13), (64, 31)]

  @Test(arguments: factors, ImageChannels.allCases)
  func brightnessMultipliesEachColor(_ factor: Double, _ channels: ImageChannels) {
    for (width, height) in Self.sizes {
      let pixels = NoisyPixels.make(width, height, channels)
      let expected = Self.eachColor(of: pixels, channels) { Self.cutOff(Float(factor) * Float($0)) }
      #expect(Self.adjusted(pixels, channels, .brightness(factor)) == expected)
    }
  }

  @Test(arguments: factors, ImageChannels.allCases)
  func contrastBlendsWithTheMeanOfAllGray(_ factor: Double, _ channels: ImageChannels) {
    for (width, height) in Self.sizes {
      let pixels = NoisyPixels.make(width, height, channels)
      let grays =
        channels == .gray ? pixels : Self.colors(of: pixels, channels).map { Self.gray($0[0], $0[1], $0[2]) }
      let mean = Float(Double(grays.reduce(0) { $0 + Int($1) }) / Double(grays.count))
      let expected = Self.eachColor(of: pixels, channels) { Self.blend($0, mean, factor) }
      #expect(Self.adjusted(pixels, channels, .contrast(factor)) == expected)
    }
  }

  @Test(arguments: factors, [ImageChannels.rgb, .rgba])
  func saturationBlendsWithThePixelsGray(_ factor: Double, _ channels: ImageChannels) {
    for (width, height) in Self.sizes {
      let pixels = NoisyPixels.make(width, height, channels)
      let expected = Self.colors(of: pixels, channels).flatMap { color in
        let gray = Float(Self.gray(color[0], color[1], color[2]))
        return color.prefix(3).map { Self.blend($0, gray, factor) } + color.dropFirst(3)
      }
      #expect(Self.adjusted(pixels, channels, .saturation(factor)) == expected)
    }
  }

  @Test(arguments: [ImageChannels.rgb, .rgba])
  func grayscaleIsTheGrayInAllThree(_ channels: ImageChannels) {
    for (width, height) in Self.sizes {
      let pixels = NoisyPixels.make(width, height, channels)
      let expected = Self.colors(of: pixels, channels).flatMap { color in
        [UInt8](repeating: Self.gray(color[0], color[1], color[2]), count: 3) + color.dropFirst(3)
      }
      #expect(Self.adjusted(pixels, channels, .grayscale) == expected)
    }
  }

  @Test func grayIsThatOfFloatsButForThreeColorsOfAll() {
    var lower = 0
    for number in 0..<(1 << 24) {
      let (red, green, blue) = (UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255))
      let sum = (Float(red) * 0.2989).addingProduct(0.587, Float(green)).addingProduct(0.114, Float(blue))
      let gray = ColorAdjustment.gray(red, green, blue)
      guard UInt8(sum) != gray else { continue }
      #expect(UInt8(sum) + 1 == gray)
      lower += 1
    }
    #expect(lower == 3)
  }

  @Test(arguments: [-0.5, -0.25, -0.1, 0, 1e-9, -1e-9, 0.1, 1.0 / 3, 0.5])
  func hueTurnsEveryColorAsTheMasksOfTorchvisionDo(_ shift: Double) {
    let values: [UInt8] = [0, 1, 2, 50, 51, 127, 128, 129, 200, 253, 254, 255]
    var pixels: [UInt8] = []
    for red in values { for green in values { for blue in values { pixels += [red, green, blue, red ^ green] } } }
    let expected = Self.colors(of: pixels, .rgba).flatMap { color in
      Self.turned(color[0], color[1], color[2], by: shift) + [color[3]]
    }
    #expect(Self.adjusted(pixels, .rgba, .hue(shift)) == expected)

    let noise = NoisyPixels.make(67, 41, .rgb)
    let turned = Self.colors(of: noise, .rgb).flatMap { Self.turned($0[0], $0[1], $0[2], by: shift) }
    #expect(Self.adjusted(noise, .rgb, .hue(shift)) == turned)
  }

  @Test func aThirdOfATurnMakesRedGreenAndHalfATurnCyan() {
    #expect(Self.adjusted([255, 0, 0], .rgb, .hue(1.0 / 3)) == [0, 255, 0])
    #expect(Self.adjusted([255, 0, 0], .rgb, .hue(-1.0 / 3)) == [0, 0, 255])
    #expect(Self.adjusted([255, 0, 0], .rgb, .hue(0.5)) == [0, 255, 255])
    #expect(Self.adjusted([7, 7, 7], .rgb, .hue(0.4)) == [7, 7, 7])
  }

  @Test(arguments: [ColorAdjustment.saturation(0.3), .hue(0.3), .grayscale])
  func grayPixelsHaveNoColorToChange(_ adjustment: ColorAdjustment) {
    let pixels = NoisyPixels.make(9, 7, .gray)
    #expect(Self.adjusted(pixels, .gray, adjustment) == pixels)
  }

  @Test(arguments: [
    ColorAdjustment.brightness(.infinity), .contrast(1e300), .saturation(-1e300), .hue(.nan), .hue(1e300), .hue(-7.3),
  ])
  func numbersOutOfRangeAreSurvived(_ adjustment: ColorAdjustment) {
    var pixels = NoisyPixels.make(33, 2, .rgb)
    for variant in SIMDWidth.available {
      var span = pixels.mutableSpan
      adjustment.apply(to: &span, channels: .rgb, variant: variant)
    }
    #expect(pixels.count == 33 * 2 * 3)
  }

  @Test func noPixelsStayNone() {
    #expect(Self.adjusted([], .rgb, .contrast(2)) == [])
  }

  // MARK: - The formulas

  private static func adjusted(
    _ pixels: [UInt8], _ channels: ImageChannels, _ adjustment: ColorAdjustment
  ) -> [UInt8] {
    let results = SIMDWidth.available.map { variant in
      var result = pixels
      var span = result.mutableSpan
      adjustment.apply(to: &span, channels: channels, variant: variant)
      return result
    }
    for result in results { #expect(result == results[0], "the vectors differ from the scalar twin") }
    return results[0]
  }

  private static func colors(of pixels: [UInt8], _ channels: ImageChannels) -> [[UInt8]] {
    stride(from: 0, to: pixels.count, by: channels.rawValue).map { Array(pixels[$0..<($0 + channels.rawValue)]) }
  }

  private static func eachColor(
    of pixels: [UInt8], _ channels: ImageChannels, _ change: (UInt8) -> UInt8
  ) -> [UInt8] {
    pixels.enumerated().map { channels == .rgba && $0 % 4 == 3 ? $1 : change($1) }
  }

  private static func cutOff(_ value: Float) -> UInt8 { value <= 0 ? 0 : value >= 255 ? 255 : UInt8(value) }

  private static func blend(_ value: UInt8, _ other: Float, _ factor: Double) -> UInt8 {
    cutOff((Float(value) * Float(factor)).addingProduct(Float(1 - factor), other))
  }

  private static func gray(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let (red, green, blue) = (Int(red), Int(green), Int(blue))
    return UInt8((red * 2989 + green * 5870 + blue * 1140) / 10_000)
  }

  /// With sums of masked terms and remainders, as a program for whole tensors has them.
  private static func turned(_ red: UInt8, _ green: UInt8, _ blue: UInt8, by shift: Double) -> [UInt8] {
    let rgb: [Float] = [red, green, blue].map { Float($0) * Float(1.0 / 255) }
    let (most, least) = (rgb.max()!, rgb.min()!)
    let saturation = (most - least) / (most == least ? 1 : most)
    let range: Float = most == least ? 1 : most - least
    let c: [Float] = rgb.map { (most - $0) / range }
    let isRed: Float = rgb[0] == most ? 1 : 0
    let isGreen: Float = rgb[1] == most ? 1 - isRed : 0
    let ofRed: Float = (c[2] - c[1]) * isRed
    let ofGreen: Float = (c[0] + 2 - c[2]) * isGreen
    let ofBlue: Float = (c[1] + 4 - c[0]) * (1 - isRed - isGreen)
    let turns: Float = (ofRed + ofGreen + ofBlue) * Float(1.0 / 6) + 1
    var hue = turns.truncatingRemainder(dividingBy: 1) + Float(shift)
    hue = hue.truncatingRemainder(dividingBy: 1)
    if hue < 0 { hue += 1 }
    let sector = (hue * 6).rounded(.down)
    let part = saturation * (hue * 6 - sector)
    let p = (1 - saturation) * most
    let q = (1 - part) * most
    let t = (part + (1 - saturation)) * most
    let table: [[Float]] = [
      [most, t, p], [q, most, p], [p, most, t], [p, q, most], [t, p, most], [most, p, q],
    ]
    return table[Int(sector) % 6].map { UInt8(max(0, min(1, $0)) * 255.999) }
  }
}
