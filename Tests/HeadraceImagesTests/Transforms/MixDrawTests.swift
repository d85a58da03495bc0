import HeadraceCore
import HeadraceSystem
import Testing

@testable import HeadraceImages

/// Shares and boxes of torchvision.transforms.v2.MixUp and CutMix, of 20,000 draws of one seed each.
@Suite struct MixDrawTests {
  private static let count = 20_000

  private func draws(_ mixing: ImageMixing, width: Int = 64, height: Int = 48) -> [MixDraw] {
    (0..<Self.count).map { position in
      var random = SampleContext(epoch: 0, position: position, stage: "mix").random(seed: 11)
      return MixDraw(mixing, width: width, height: height, random: &random)
    }
  }

  // MARK: Distributions

  /// Mean 1/2, variance 1 / (4 (2 alpha + 1)); within five deviations of what so many draws give.
  @Test(arguments: [0.01, 0.1, 0.2, 0.4, 1, 2, 8, 100])
  func sharesHaveMeanAndVarianceOfTheBetaDistribution(alpha: Double) {
    let shares = draws(.mixUp(alpha: alpha)).map(\.share)
    #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
    let count = Double(Self.count)
    let mean = shares.reduce(0, +) / count
    let variance = shares.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / count
    let expected = 1 / (4 * (2 * alpha + 1))
    #expect(abs(mean - 0.5) < 5 * (expected / count).squareRoot())
    // The fourth moment of Beta(alpha, alpha) about its mean is 3 / (16 (2 alpha + 1) (2 alpha + 3)).
    let fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3))
    #expect(abs(variance - expected) < 5 * ((fourth - expected * expected) / count).squareRoot())
  }

  /// Where the distribution function is known in closed form: alpha 1 is uniform, 2 is 3x^2 - 2x^3, and 1/2 the arcsine
  /// law, whose quarters are at sin^2 of pi/8, pi/4 and 3 pi/8.
  @Test func sharesHaveTheDistributionFunctionOfTheBetaDistribution() {
    func expect(_ alpha: Double, _ function: (Double) -> Double) {
      let shares = draws(.mixUp(alpha: alpha)).map(\.share).sorted()
      let count = Double(shares.count)
      let distance = shares.enumerated().reduce(0.0) { largest, entry in
        max(largest, abs(function(entry.element) - (Double(entry.offset) + 0.5) / count))
      }
      // Kolmogorov and Smirnov: one of a thousand samples is farther off.
      #expect(distance < 0.0138, "\(alpha)")
    }
    expect(1) { $0 }
    expect(2) { 3 * $0 * $0 - 2 * $0 * $0 * $0 }
    let shares = draws(.mixUp(alpha: 0.5)).map(\.share)
    for (bound, quantile) in [(0.146_446_609, 0.25), (0.5, 0.5), (0.853_553_391, 0.75)] {
      let share = Double(shares.count { $0 < bound }) / Double(Self.count)
      #expect(abs(share - quantile) < 0.0138)
    }
  }

  @Test func aBoxIsOfThePartThatIsDrawnAndItsCentreAnywhere() {
    let (width, height) = (64, 48)
    var columns = [Int](repeating: 0, count: width)
    var wholeBoxes = 0
    for draw in draws(.cutMix(), width: width, height: height) {
      guard case .paste(let box, let share) = draw else {
        Issue.record("no box")
        continue
      }
      #expect(box.width >= 0 && box.height >= 0 && box.x >= 0 && box.y >= 0)
      #expect(box.x + box.width <= width && box.y + box.height <= height)
      #expect(share == 1 - Double(box.width * box.height) / Double(width * height))
      // One that does not reach an edge has the proportions of the image, as far as whole pixels go.
      if box.x > 0, box.y > 0, box.x + box.width < width, box.y + box.height < height, box.width > 0 {
        wholeBoxes += 1
        #expect(box.width.isMultiple(of: 2) && box.height.isMultiple(of: 2))
        #expect(abs(Double(box.width) * 48 / 64 - Double(box.height)) <= 2)
        columns[box.x + box.width / 2] += 1
      }
    }
    // A sixth of all, but for rounding: the mean of (1 - s)^2 where s^2 is uniform.
    #expect(abs(wholeBoxes - Self.count / 6) < 400)
    #expect(columns[8..<56].allSatisfy { $0 > 0 })
  }

  /// With a small alpha most boxes are empty or the whole image.
  @Test(arguments: [0.05, 0.2, 1], [1, 3, 32])
  func whatIsDrawnCanBeAppliedAndKeepsItsShareOfThePixels(alpha: Double, side: Int) throws {
    let spec = TensorSpec("x", .uint8, shape: [side, side])
    let rows = [UInt8](repeating: 0, count: side * side) + [UInt8](repeating: 1, count: side * side)
    for draw in draws(.cutMix(alpha: alpha), width: side, height: side).prefix(4000) {
      let result = try mixed(draw, rows, spec)
      let kept = result.prefix(side * side).count { $0 == 0 }
      #expect(abs(Double(kept) / Double(side * side) - draw.share) < 1e-9)
      #expect(result.suffix(side * side).count { $0 == 1 } == kept)
    }
  }

  // MARK: Rows

  private func mixed<Element: BitwiseCopyable>(
    _ draw: MixDraw, _ values: [Element], _ spec: TensorSpec, layout: ImageLayout = .hwc
  ) throws -> [Element] {
    var values = values
    var span = values.mutableSpan
    var rows = unsafe span.mutableBytes
    try draw.apply(to: &rows, spec, layout: layout)
    return values
  }

  /// In each of the types; 1, 2 and 3 rows.
  @Test func aBlendIsTheShareOfEachRowAndTheRestOfTheOneBefore() throws {
    let spec = TensorSpec("x", .float32, shape: [1, 2, 1])
    let values: [Float] = [1, 2, 10, 20, 100, 200]
    let draw = MixDraw.blend(share: 0.75)
    #expect(try mixed(draw, values, spec) == [25.75, 51.5, 7.75, 15.5, 77.5, 155])
    #expect(try mixed(draw, Array(values[..<4]), spec) == [3.25, 6.5, 7.75, 15.5])
    #expect(try mixed(draw, Array(values[..<2]), spec) == [1, 2])
    #expect(try mixed(draw, [Float](), spec) == [])
    let bytes: [UInt8] = [0, 4, 100, 200, 255, 8]
    #expect(
      try mixed(draw, bytes, TensorSpec("x", .uint8, shape: [1, 2, 1])) == [64, 5, 75, 151, 216, 56])
    let error = #expect(throws: HeadraceError.self) {
      try mixed(draw, [1, 2] as [Int64], TensorSpec("x", .int64, shape: [1, 1, 1]))
    }
    #expect(error?.code == .wrongType)
  }

  @Test func aBoxIsThatOfTheRowBeforeInBothLayouts() throws {
    // Two channels of 3x2 pixels, all different.
    func value(_ n: Int, _ x: Int, _ y: Int, _ c: Int) -> UInt8 { UInt8(80 * n + 20 * y + 3 * x + c) }
    let box = PixelBox(x: 1, y: 0, width: 2, height: 1)
    for layout in ImageLayout.allCases {
      func image(_ n: Int, box other: Int?) -> [UInt8] {
        var image: [UInt8] = []
        func add(_ x: Int, _ y: Int, _ c: Int) {
          let isInside = x >= 1 && y == 0
          image.append(value(isInside ? other ?? n : n, x, y, c))
        }
        if layout == .hwc {
          for y in 0..<2 { for x in 0..<3 { for c in 0..<2 { add(x, y, c) } } }
        } else {
          for c in 0..<2 { for y in 0..<2 { for x in 0..<3 { add(x, y, c) } } }
        }
        return image
      }
      let spec = TensorSpec("x", .uint8, shape: layout == .hwc ? [2, 3, 2] : [2, 2, 3])
      let result = try mixed(
        .paste(box, share: 2.0 / 3), (0..<3).flatMap { image($0, box: nil) }, spec, layout: layout)
      #expect(result == image(0, box: 2) + image(1, box: 0) + image(2, box: 1))
    }
  }

  @Test func labelsAreMixedByTheShareOfTheImages() throws {
    var shares: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    var span = shares.mutableSpan
    var rows = unsafe span.mutableBytes
    try MixDraw.paste(PixelBox(x: 0, y: 0, width: 1, height: 1), share: 0.75)
      .applyShare(to: &rows, TensorSpec("label", .float32, shape: [3]))
    #expect(shares == [0.75, 0, 0.25, 0.25, 0.75, 0, 0, 0.25, 0.75])
  }

  @Test(arguments: [0, -1, .nan, .infinity])
  func anAlphaThatHasNoDistributionIsAMistake(alpha: Double) {
    for mixing in [ImageMixing.mixUp(alpha: alpha), .cutMix(alpha: alpha)] {
      #expect(mixing.mistake == "alpha is \(alpha), and must be a number above 0")
    }
    #expect(ImageMixing.mixUp().mistake == nil)
  }
}
