import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceImages

/// JPEG files that are decoded at a half, a quarter or an eighth of their size, and then resized.
@Suite struct ScaledDecodingTests {
  private static func random(_ position: Int = 0) -> SampleRandom {
    SampleContext(epoch: 0, position: position, stage: "decode").random(seed: 12)
  }

  private static func pass(
    width: Int, height: Int, _ box: PixelBox, _ interpolation: Interpolation, antialias: Bool = true,
    to target: (Int, Int)
  ) -> Resampling {
    var pass = Resampling(width: width, height: height)
    pass.crop(box)
    _ = pass.resize(
      width: target.0, height: target.1, ResizeKernel(interpolation: interpolation, antialias: antialias))
    return pass
  }

  private static func decoded(_ decoder: ImageDecoder, _ file: [UInt8], shape: [Int], position: Int) throws -> [UInt8] {
    var row = TensorMemory(shape: shape)
    var random = random(position)
    try decoder.decode(file.span, into: try row.tensor("image"), random: &random)
    return row.bytes()
  }

  @Test(arguments: Corpus.shared.boxes)
  func aBoxWithEdgesWithinPixelsIsBitEqualToPillow(_ box: Corpus.BoxCase) throws {
    let (source, target) = (box.resize.source, box.resize.target)
    let pass = Self.pass(
      width: box.width, height: box.height, box.box, box.resize.interpolation, to: (target.width, target.height)
    ).scaled(toEighths: box.eighths)
    var resampler = Resampler()
    var pixels = [UInt8](repeating: 0, count: target.pixels.count)
    var span = pixels.mutableSpan
    let view = PixelView(source.pixels.span, width: source.width, height: source.height, channels: source.channels)
    try resampler.run(pass, view, into: &span)
    #expect(pixels == target.pixels)

    // The same of no more of the source than counts.
    let part = resampler.prepare(pass)
    var cut = [UInt8](repeating: 0, count: part.width * part.height * source.channels.rawValue)
    span = cut.mutableSpan
    view.copy(part, .identity, into: &span)
    pixels = [UInt8](repeating: 0, count: target.pixels.count)
    span = pixels.mutableSpan
    let partView = PixelView(cut.span, width: part.width, height: part.height, channels: source.channels)
    try resampler.run(pass, partView, of: part, into: &span)
    #expect(pixels == target.pixels)
  }

  @Test func theSmallestScaleIsTakenAtWhichTheGapIsLeft() {
    func eighths(_ gap: Double, _ width: Int, _ height: Int, to target: (Int, Int)) -> Int {
      Self.pass(
        width: width, height: height, PixelBox(x: 0, y: 0, width: width, height: height), .bilinear, to: target
      ).eighths(reducingGap: gap)
    }
    #expect(eighths(2, 4000, 3000, to: (224, 224)) == 2)
    #expect(eighths(2, 4000, 3600, to: (224, 224)) == 1)
    #expect(eighths(2, 3583, 3600, to: (224, 224)) == 2)
    #expect(eighths(2, 1000, 896, to: (224, 224)) == 4)
    #expect(eighths(2, 1000, 895, to: (224, 224)) == 8)
    #expect(eighths(1, 448, 500, to: (224, 224)) == 4)
    #expect(eighths(1.5, 500, 375, to: (224, 224)) == 8)
    #expect(eighths(2, 100, 100, to: (1, 1)) == 1)
  }

  @Test func whatAveragesNothingIsDecodedAtItsOwnSize() {
    let box = PixelBox(x: 0, y: 0, width: 4000, height: 4000)
    let nearest = Self.pass(width: 4000, height: 4000, box, .nearest, to: (10, 10))
    let sharp = Self.pass(width: 4000, height: 4000, box, .bilinear, antialias: false, to: (10, 10))
    #expect(nearest.eighths(reducingGap: 1) == 8)
    #expect(sharp.eighths(reducingGap: 1) == 8)
    #expect(Resampling(width: 4000, height: 4000).eighths(reducingGap: 1) == 8)
  }

  @Test(
    arguments: Photos.shared.jpegs.filter { $0.header.width >= 33 && $0.header.height >= 27 },
    [ImageChannels.gray, .rgb])
  func aScaledBoxIsResizedFromTheScaledImage(jpeg: Photos.JPEGCase, channels: ImageChannels) throws {
    let (width, height) = (jpeg.header.width, jpeg.header.height)
    var decoder = ImageDecoder(
      [.randomCrop(width: 30, height: 24), .resize(width: 5, height: 4), .horizontalFlip()], channels: channels)
    decoder.reducingGap = 1.5
    for position in 0..<6 {
      var draw = TransformDraw(width: width, height: height, random: Self.random(position))
      for transform in decoder.transforms { try draw.add(transform) }
      guard case .resample(let pass)? = ImagePlan(width: width, height: height, draw.steps).passes.first else {
        Issue.record("\(draw.steps) are no resampling")
        return
      }
      let eighths = pass.eighths(reducingGap: 1.5)
      #expect(eighths == 2)
      let size = JPEG.scaledSize(of: jpeg.header, eighths: eighths)
      var whole = [UInt8](repeating: 0, count: size.width * size.height * channels.rawValue)
      _ = try unsafe whole.withUnsafeMutableBufferPointer { pixels throws(HeadraceError) in
        try unsafe JPEG.read(
          jpeg.file.span, jpeg.header, channels: channels, eighths: eighths,
          box: PixelBox(x: 0, y: 0, width: size.width, height: size.height), truncation: .refuse, into: pixels,
          stride: size.width * channels.rawValue)
      }
      var resampler = Resampler()
      var expected = [UInt8](repeating: 0, count: 20 * channels.rawValue)
      var span = expected.mutableSpan
      let view = PixelView(whole.span, width: size.width, height: size.height, channels: channels)
      try resampler.run(pass.scaled(toEighths: eighths), view, into: &span)
      let pixels = try Self.decoded(decoder, jpeg.file, shape: [4, 5, channels.rawValue], position: position)
      #expect(pixels == expected)
    }
  }

  /// These images have grain and edges every few pixels: photographs differ less, docs/design/0015-jpeg-webp.md. Where
  /// chroma has a third of luma's columns or fewer, or half of its rows alone, too little of it is left.
  @Test(arguments: Photos.shared.jpegs.filter { $0.header.width >= 33 && $0.header.height >= 27 })
  func withAGapOfTwoNoPixelIsFarOff(jpeg: Photos.JPEGCase) throws {
    let isUncommon = ["311", "411", "440", "441"].contains { jpeg.name.contains($0) }
    for (width, height) in [(8, 6), (4, 3), (2, 1)] {
      let exact = ImageDecoder([.resize(width: width, height: height)])
      var scaled = exact
      scaled.reducingGap = 2
      let a = try Self.decoded(exact, jpeg.file, shape: [height, width, 3], position: 0)
      let b = try Self.decoded(scaled, jpeg.file, shape: [height, width, 3], position: 0)
      let differences = zip(a, b).map { abs(Int($0) - Int($1)) }
      #expect(differences.max()! <= (isUncommon ? 32 : 16))
      #expect(differences.reduce(0, +) * 2 <= a.count * (isUncommon ? 18 : 9))
    }
  }

  @Test func aGapBelowOneIsAMistake() {
    let decoder = ImageDecoder([.resize(width: 2, height: 2)], reducingGap: 0.5)
    let error = #expect(throws: HeadraceError.self) {
      try decoder.validate(TensorSpec("image", .uint8, shape: [2, 2, 3]))
    }
    #expect(error?.code == .invalidPipeline && error?.message.contains("0.5") == true)
  }
}
