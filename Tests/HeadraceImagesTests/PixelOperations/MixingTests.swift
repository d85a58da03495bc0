import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceImages

/// Rows mixed by hand, an element at a time.
@Suite struct MixingTests {
  static let lambdas = [0, 0.25, 0.5, 0.7313, 1]

  @Test(arguments: lambdas)
  func everyPairOfBytesIsTheRoundedSum(_ lambda: Double) throws {
    let pairs = (0..<65_536).map { (UInt8($0 >> 8), UInt8($0 & 255)) }
    let expected = pairs.map { Self.mixed(Float($0.0), Float($0.1), lambda).rounded(.toNearestOrEven) }
    let result = try Self.blended(pairs.map(\.0), pairs.map(\.1), lambda, .uint8)
    #expect(result.map(Float.init) == expected)
  }

  @Test(arguments: lambdas)
  func everyHalfIsTheSumRoundedOnce(_ lambda: Double) throws {
    // All numbers, infinities included, with others of all sizes.
    let x = (0..<65_536).map { UInt16($0) }
    let y = (0..<65_536).map { UInt16(truncatingIfNeeded: $0 &* 40_503 &+ 77) }
    let halves = try Self.blended(x, y, lambda, .float16)
    let upperHalves = try Self.blended(x, y, lambda, .bfloat16)
    var wrong: [UInt16] = []
    for i in x.indices {
      let half = Float16(
        Self.mixed(Float(Float16(bitPattern: x[i])), Float(Float16(bitPattern: y[i])), lambda))
      let found = Float16(bitPattern: halves[i])
      if found.isNaN ? !half.isNaN : found.bitPattern != half.bitPattern { wrong.append(x[i]) }
      let upper = BFloat16(
        Self.mixed(Float(BFloat16(bitPattern: x[i])), Float(BFloat16(bitPattern: y[i])), lambda))
      let other = BFloat16(bitPattern: upperHalves[i])
      if Float(other).isNaN ? !Float(upper).isNaN : other != upper { wrong.append(x[i]) }
    }
    #expect(wrong.isEmpty)
  }

  @Test(arguments: lambdas, [0, 1, 3, 4, 17, 1001])
  func floatsOfEveryCountAreSums(_ lambda: Double, _ count: Int) throws {
    let x = (0..<count).map { Float($0) * 0.37 - 5 }
    let y = (0..<count).map { 1e3 / (Float($0) + 0.5) }
    let result = try Self.blended(x, y, lambda, .float32)
    #expect(result == zip(x, y).map { Self.mixed($0, $1, lambda) })
  }

  @Test func otherSharesAndTypesAreRefused() {
    for lambda in [-0.1, 1.1, .nan] {
      #expect(throws: HeadraceError.self) { try Self.blended([UInt8(1)], [2], lambda, .uint8) }
    }
    #expect(throws: HeadraceError.self) { try Self.blended([Int64(1)], [2], 0.5, .int64) }
  }

  @Test(arguments: [1, 2, 4, 8], [ImageLayout.hwc, .chw])
  func onlyTheBoxIsPasted(_ size: Int, _ layout: ImageLayout) {
    for (width, height, channels) in [(1, 1, 1), (5, 3, 3), (4, 7, 4)] {
      for box in [
        PixelBox(x: 0, y: 0, width: width, height: height), PixelBox(x: width - 1, y: height / 2, width: 1, height: 1),
        PixelBox(x: width / 2, y: height / 3, width: width - width / 2, height: height - height / 3),
      ] {
        let count = width * height * channels * size
        let source = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
        var target = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 5) }
        var expected = target
        for i in 0..<count {
          let element = i / size
          let pixel = layout == .chw ? element % (width * height) : element / channels
          let (x, y) = (pixel % width - box.x, pixel / width - box.y)
          if x >= 0 && x < box.width && y >= 0 && y < box.height { expected[i] = source[i] }
        }
        var span = target.mutableSpan
        var bytes = unsafe span.mutableBytes
        unsafe Mixing.paste(
          box, from: source.span.bytes, to: &bytes, layout: layout, width: width, height: height, channels: channels,
          elementByteCount: size)
        #expect(target == expected, "\(box) of \(width)x\(height)x\(channels)")
      }
    }
  }

  private static func mixed(_ x: Float, _ y: Float, _ lambda: Double) -> Float {
    x * Float(lambda) + y * Float(1 - lambda)
  }

  private static func blended<Element: BitwiseCopyable>(
    _ x: [Element], _ y: [Element], _ lambda: Double, _ dtype: DType
  ) throws -> [Element] {
    var result = x
    var span = result.mutableSpan
    var bytes = unsafe span.mutableBytes
    try unsafe Mixing.blend(&bytes, y.span.bytes, lambda: lambda, dtype: dtype)
    return result
  }
}
