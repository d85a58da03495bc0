import HeadraceCore
import HeadraceImages
import Testing

@Suite struct ImageTransformedTests {
  @Test func anImageIsTransformedAsAFileOfItIs() throws {
    let image = Image(
      width: 40, height: 30, channels: .rgb, pixels: (0..<3600).map { UInt8(truncatingIfNeeded: $0 &* 37 >> 2) })
    let file = try PNG.encode(image, compression: 1)
    let transforms: [ImageTransform] = [
      .randomCrop(width: 30, height: 20, padding: 3, mode: .edge), .colorJitter(brightness: 0.5, hue: 0.2),
      .randomResizedCrop(16), .gaussianBlur(kernelSize: 3), .randomErasing(probability: 1), .rotate(quarterTurns: 1),
    ]
    for position in 0..<10 {
      let context = SampleContext(epoch: 0, position: position, stage: "transform")
      var (one, other) = (context.random(seed: 1), context.random(seed: 1))
      let ofImage = try image.transformed(by: transforms, random: &one)
      #expect(ofImage == (try ImageDecoder(transforms).image(file.span, random: &other)))
      #expect(ofImage.width == 16 && ofImage.height == 16 && one.next() == other.next())
    }
  }

  @Test func whatMakesNoPixelsIsRefused() {
    let image = Image(width: 1, height: 1, channels: .rgb, pixels: [1, 2, 3])
    var random = SampleContext(epoch: 0, position: 0, stage: "s").random(seed: 0)
    for transforms in [[ImageTransform.normalizeImageNet], [.gaussianBlur(kernelSize: 2)]] {
      let error = #expect(throws: HeadraceError.self) { try image.transformed(by: transforms, random: &random) }
      #expect(error?.code == .invalidArgument)
    }
  }
}
