import Foundation
import HeadraceCore
import HeadraceImages
import HeadraceTestSupport
import Testing

@Suite struct ImageResizeTests {
  @Test(arguments: Corpus.shared.resizes)
  func resizingIsBitEqualToPillow(_ resize: Corpus.ResizeCase) throws {
    let target = resize.target
    let interpolation = resize.interpolation
    #expect(
      resize.source.resized(width: target.width, height: target.height, interpolation: interpolation) == target)

    var row = TensorMemory(shape: [target.height, target.width, target.channels.rawValue])
    try resize.source.resize(into: try row.tensor("image"), interpolation: interpolation)
    #expect(row.bytes() == target.pixels)
  }

  @Test(arguments: Interpolation.allCases)
  func aThousandSizesHaveThePlainResult(_ interpolation: Interpolation) {
    var random = SplitMix64(seed: 9)
    for _ in 0..<1000 {
      // As many wide as high, and as many that grow as shrink, by up to 30 times.
      func extent() -> Int { Int(exp2(Double.random(in: 0...5, using: &random)) * 2) - 1 }
      let (width, height, newWidth, newHeight) = (extent(), extent(), extent(), extent())
      guard (width, height) != (newWidth, newHeight) else { continue }
      let channels: ImageChannels = Bool.random(using: &random) ? .rgb : .gray
      let pixels = (0..<(width * height * channels.rawValue)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let image = Image(width: width, height: height, channels: channels, pixels: pixels)
      let expected = PlainResize.image(image, interpolation, width: newWidth, height: newHeight)
      #expect(
        image.resized(width: newWidth, height: newHeight, interpolation: interpolation) == expected,
        "\(width)x\(height) \(channels) to \(newWidth)x\(newHeight)")
    }
  }

  @Test func theSameSizeKeepsThePixelsEvenUnderAlphaZero() {
    let image = Image(width: 2, height: 1, channels: .rgba, pixels: [9, 8, 7, 0, 200, 3, 1, 5])
    #expect(image.resized(width: 2, height: 1) == image)
  }

  @Test func transparentPixelsDoNotTintTheirNeighbours() {
    let image = Image(width: 2, height: 1, channels: .rgba, pixels: [255, 0, 0, 0, 0, 0, 255, 255])
    #expect(image.resized(width: 1, height: 1).pixels == [0, 0, 255, 128])
  }

  @Test func aColorTakenAsItIsKeepsItsTransparency() {
    let image = Image(width: 2, height: 1, channels: .rgba, pixels: [255, 9, 8, 0, 0, 0, 255, 255])
    #expect(
      image.resized(width: 4, height: 1, interpolation: .nearest).pixels.prefix(8) == [255, 9, 8, 0, 255, 9, 8, 0])
  }

  @Test func withoutAntialiasingOnlyTheNextPixelsCount() {
    let image = Image(width: 8, height: 1, channels: .gray, pixels: [9, 9, 9, 100, 200, 9, 9, 9])
    #expect(image.resized(width: 1, height: 1, antialias: false).pixels == [150])
    #expect(image.resized(width: 1, height: 1).pixels != [150])
  }

  @Test func grayGoesIntoATensorOfTwoDimensions() throws {
    let image = Image(width: 2, height: 2, channels: .gray, pixels: [0, 100, 100, 200])
    var row = TensorMemory(shape: [1, 1])
    try image.resize(into: try row.tensor("image"))
    #expect(row.bytes() == [100])
  }

  @Test func aTensorOfOtherChannelsIsNamedWithTheRemedy() {
    let image = Image(width: 1, height: 1, channels: .rgb, pixels: [1, 2, 3])
    let error = #expect(throws: HeadraceError.self) {
      var row = TensorMemory(shape: [2, 2, 4])
      try image.resize(into: try row.tensor("image"))
    }
    #expect(error?.code == .wrongType)
    #expect(
      error?.message
        == "The image is 1x1 rgb, tensor \"image\" of shape [2, 2, 4] takes rgba; "
        + "decode with channels: .rgba, or change its TensorSpec.")
  }

  @Test func aTensorOfFloatsIsRefused() {
    let image = Image(width: 1, height: 1, channels: .rgb, pixels: [1, 2, 3])
    let error = #expect(throws: HeadraceError.self) {
      var row = TensorMemory(.float32, shape: [2, 2, 3])
      try image.resize(into: try row.tensor("image"))
    }
    #expect(error?.code == .wrongType)
  }
}
