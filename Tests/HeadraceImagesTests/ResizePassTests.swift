import HeadraceTestSupport
import Testing

@testable import HeadraceImages

/// Both passes, with each width of vectors that this processor has, against `PlainResize`.
@Suite struct ResizePassTests {
  /// A resize of one axis: which pixels to how many, and what is made of the result.
  struct Line {
    var interpolation: Interpolation
    var antialias = true
    var source: Range<Int>
    var interval: Range<Double>?
    var target: Int
    var window: Range<Int>
    var mirrored = false
  }

  @Test(arguments: Interpolation.allCases, ImageChannels.allCases)
  func everySmallSizeHasThePlainResult(_ interpolation: Interpolation, _ channels: ImageChannels) {
    var random = SplitMix64(seed: 1)
    for source in 1...17 {
      for target in 1...17 {
        expectThePlainResult(
          Line(interpolation: interpolation, source: 0..<source, target: target, window: 0..<target), channels, &random)
      }
    }
  }

  @Test(arguments: Interpolation.allCases, ImageChannels.allCases)
  func largerSizesWindowsAndMirrorsHaveThePlainResult(_ interpolation: Interpolation, _ channels: ImageChannels) {
    var random = SplitMix64(seed: 2)
    for _ in 0..<60 {
      let start = Int.random(in: 0...9, using: &random)
      let length = Int.random(in: 1...400, using: &random)
      let target = Int.random(in: 1...300, using: &random)
      let from = Int.random(in: 0..<target, using: &random)
      let to = Int.random(in: (from + 1)...target, using: &random)
      expectThePlainResult(
        Line(
          interpolation: interpolation, antialias: Bool.random(using: &random), source: start..<(start + length),
          target: target, window: from..<to, mirrored: Bool.random(using: &random)), channels, &random)
    }
  }

  @Test(arguments: Interpolation.allCases, ImageChannels.allCases)
  func intervalsThatBeginAndEndWithinPixelsHaveThePlainResult(
    _ interpolation: Interpolation, _ channels: ImageChannels
  ) {
    var random = SplitMix64(seed: 5)
    for _ in 0..<60 {
      let start = Int.random(in: 0...9, using: &random)
      let length = Int.random(in: 2...200, using: &random)
      let target = Int.random(in: 1...100, using: &random)
      let from = Int.random(in: 0..<target, using: &random)
      let first = Double(start * 8 + Int.random(in: 0...7, using: &random)) / 8
      let last = Double((start + length) * 8 - Int.random(in: 0...7, using: &random)) / 8
      expectThePlainResult(
        Line(
          interpolation: interpolation, source: start..<(start + length), interval: first..<last, target: target,
          window: from..<target, mirrored: Bool.random(using: &random)), channels, &random)
    }
  }

  @Test func anAxisWhoseSourceIsCutWeighsTheSamePixels() {
    let (whole, cut) = (ResizeAxis(), ResizeAxis())
    var random = SplitMix64(seed: 6)
    let pixels = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }
    for mirrored in [false, true] {
      for axis in [whole, cut] {
        axis.prepare(.bicubic, source: 20..<90, target: 40, window: 11..<23, mirrored: mirrored)
      }
      let range = cut.sourceRange
      cut.cutSource(to: range)
      #expect(cut.sourceRange == 0..<range.count)
      var results = [[UInt8]](repeating: [UInt8](repeating: 0, count: 36), count: 2)
      var span = results[0].mutableSpan
      Resize.horizontal(
        whole, pixels.span, stride: 300, rowCount: 1, channels: .rgb, into: &span, stride: 36)
      span = results[1].mutableSpan
      Resize.horizontal(
        cut, Array(pixels[(range.lowerBound * 3)..<(range.upperBound * 3)]).span, stride: range.count * 3, rowCount: 1,
        channels: .rgb, into: &span, stride: 36)
      #expect(results[0] == results[1])
    }
  }

  @Test func aLongLineToOnePixelHasThePlainResult() {
    var random = SplitMix64(seed: 3)
    for channels in ImageChannels.allCases {
      for interpolation in [Interpolation.bilinear, .bicubic] {
        expectThePlainResult(
          Line(interpolation: interpolation, source: 0..<9000, target: 1, window: 0..<1), channels, &random)
      }
    }
  }

  @Test func whiteStaysWhite() {
    let axis = ResizeAxis()
    let source = [UInt8](repeating: 255, count: 500)
    for interpolation in Interpolation.allCases {
      for target in 1...300 {
        axis.prepare(interpolation, source: 0..<500, target: target)
        var result = [UInt8](repeating: 0, count: target)
        var span = result.mutableSpan
        Resize.horizontal(
          axis, source.span, stride: 500, rowCount: 1, channels: .gray, into: &span, stride: target)
        #expect(result.allSatisfy { $0 == 255 })
      }
    }
  }

  @Test func aWindowNeedsTheRowsOfItsRange() {
    let axis = ResizeAxis()
    axis.prepare(.bilinear, source: 100..<600, target: 50, window: 20..<25)
    #expect(axis.sourceRange.lowerBound == 295 && (345...355).contains(axis.sourceRange.upperBound))
    let lines = axis.sourceRange
    var random = SplitMix64(seed: 4)
    let source = (0..<(lines.count * 20)).map { _ in UInt8.random(in: 0...255, using: &random) }
    let padded = [UInt8](repeating: 7, count: lines.lowerBound * 20) + source
    var (band, whole) = ([UInt8](repeating: 0, count: 100), [UInt8](repeating: 1, count: 100))
    var span = band.mutableSpan
    Resize.vertical(
      axis, 0..<5, source.span, firstRow: lines.lowerBound, stride: 20, rowByteCount: 20, into: &span, stride: 20)
    span = whole.mutableSpan
    Resize.vertical(axis, 0..<5, padded.span, stride: 20, rowByteCount: 20, into: &span, stride: 20)
    #expect(band == whole)
  }

  @Test func moreRowsThanThereAreTrap() async {
    await #expect(processExitsWith: .failure) {
      let axis = ResizeAxis()
      axis.prepare(.bilinear, source: 0..<4, target: 2)
      var result = [UInt8](repeating: 0, count: 6)
      var span = result.mutableSpan
      Resize.horizontal(
        axis, [UInt8](repeating: 0, count: 11).span, stride: 4, rowCount: 3, channels: .gray, into: &span, stride: 2)
    }
  }

  /// Expects of both passes and all variants what `PlainResize` makes; rows end where their memory does.
  private func expectThePlainResult(_ line: Line, _ channels: ImageChannels, _ random: inout SplitMix64) {
    let axis = ResizeAxis()
    axis.prepare(
      line.interpolation, antialias: line.antialias, source: line.source, interval: line.interval, target: line.target,
      window: line.window, mirrored: line.mirrored)
    let size = channels.rawValue
    // 7 rows are no multiple of those that are resized at once; columns are as many bytes wide.
    let rowCount = 7
    let pixels = (0..<rowCount).map { _ in
      (0..<(line.source.upperBound * size)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    let expected = pixels.map {
      PlainResize.line(
        $0, channels: size, line.interpolation, antialias: line.antialias, source: line.source,
        interval: line.interval, target: line.target, window: line.window, mirrored: line.mirrored)
    }
    let rows = pixels.flatMap { $0 }
    for variant in SIMDWidth.available {
      let stride = axis.count * size + 3
      var result = [UInt8](repeating: 0xA5, count: (rowCount - 1) * stride + axis.count * size)
      var span = result.mutableSpan
      Resize.horizontal(
        axis, rows.span, stride: line.source.upperBound * size, rowCount: rowCount, channels: channels, into: &span,
        stride: stride, variant: variant)
      let padding = [UInt8](repeating: 0xA5, count: 3)
      #expect(result == Array(expected.joined(separator: padding)), "\(variant), rows, \(line)")
    }
    guard channels == .gray else { return }
    // The same lines as columns, side by side and several times: rows of 7 to 140 bytes.
    for repeats in [1, 3, 10, 20] {
      let width = rowCount * repeats
      var source: [UInt8] = []
      for y in 0..<line.source.upperBound { for x in 0..<width { source.append(pixels[x % rowCount][y]) } }
      var wanted: [UInt8] = []
      for y in 0..<axis.count { for x in 0..<width { wanted.append(expected[x % rowCount][y]) } }
      for variant in SIMDWidth.available {
        var result = [UInt8](repeating: 0, count: wanted.count)
        var span = result.mutableSpan
        Resize.vertical(
          axis, 0..<axis.count, source.span, stride: width, rowByteCount: width, into: &span, stride: width,
          variant: variant)
        #expect(result == wanted, "\(variant), columns of \(width), \(line)")
      }
    }
  }
}
