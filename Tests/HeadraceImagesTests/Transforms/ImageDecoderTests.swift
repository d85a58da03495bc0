import Foundation
import HeadraceCore
import Testing

@testable import HeadraceImages

@Suite struct ImageDecoderTests {
  private static func random(_ position: Int = 0) -> SampleRandom {
    SampleContext(epoch: 0, position: position, stage: "decode").random(seed: 11)
  }

  /// An image of 61x47 without two pixels alike.
  private static func picture(_ channels: ImageChannels) -> Image {
    let count = 61 * 47 * channels.rawValue
    return Image(
      width: 61, height: 47, channels: channels,
      pixels: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3 &+ $0 / 61) })
  }

  /// The steps that a decoder takes for a sample, done one by one.
  private static func expected(_ decoder: ImageDecoder, _ image: Image, position: Int) throws -> StepByStep {
    var draw = TransformDraw(width: image.width, height: image.height, random: random(position))
    for transform in decoder.transforms { try draw.add(transform) }
    return StepByStep(image, draw.steps)
  }

  private static let geometry: [[ImageTransform]] = [
    [],
    [.centerCrop(width: 20, height: 30)],
    [.centerCrop(width: 80, height: 30)],
    [.randomCrop(width: 30, height: 20)],
    [.randomCrop(width: 50, height: 40, padding: 4, mode: .reflect), .horizontalFlip(probability: 1)],
    [.randomCrop(width: 61, height: 47, padding: 5, mode: .edge)],
    [.randomCrop(width: 61, height: 47, padding: 5, mode: .symmetric)],
    [.resize(width: 24, height: 31)],
    // One side stays: nothing is weighed along it.
    [.resize(width: 61, height: 20), .centerCrop(width: 30, height: 15)],
    [.resize(width: 61, height: 70, interpolation: .bicubic), .randomCrop(width: 11, height: 20)],
    [.resize(width: 20, height: 47, interpolation: .bicubic), .randomCrop(width: 11, height: 20)],
    [.centerCrop(30), .resize(width: 90, height: 30), .horizontalFlip(), .verticalFlip()],
    [.resize(width: 24, height: 8, interpolation: .bicubic)],
    [.resize(width: 100, height: 99, interpolation: .nearest)],
    [.resizeShorterSide(32), .centerCrop(24)],
    // Columns are resized first, and the last of them do not count.
    [.resize(width: 61, height: 9), .centerCrop(width: 8, height: 9)],
    [.resize(width: 40, height: 2), .centerCrop(width: 8, height: 2), .horizontalFlip(probability: 1)],
    [.randomResizedCrop(32), .horizontalFlip()],
    [.randomResizedCrop(width: 48, height: 16, scale: 0.2...0.5), .verticalFlip(), .horizontalFlip()],
    [.horizontalFlip(probability: 1)],
    [.verticalFlip(probability: 1), .centerCrop(width: 10, height: 11)],
    [.pad(left: 1, top: 2, right: 3, bottom: 4, mode: .constant(9)), .verticalFlip(probability: 1)],
    [.resize(width: 40, height: 40), .resize(width: 20, height: 20)],
  ]
  /// Those that swap sides: the passes come in another order, and their roundings with them.
  private static let turned: [[ImageTransform]] = [
    [.rotate(quarterTurns: 1)], [.rotate(quarterTurns: 2)],
    [.rotate(quarterTurns: -1), .centerCrop(width: 5, height: 9)],
    [.randomQuarterTurn, .horizontalFlip()],
    [.pad(left: 1, top: 2, right: 3, bottom: 4, mode: .constant(9)), .rotate(quarterTurns: 3)],
  ]

  private static func decoded(
    _ decoder: ImageDecoder, _ file: [UInt8], _ dtype: DType, shape: [Int], position: Int
  )
    throws -> [UInt8]
  {
    var row = TensorMemory(dtype, shape: shape)
    var random = random(position)
    try decoder.decode(file.span, into: try row.tensor("image"), random: &random)
    return row.bytes()
  }

  @Test(arguments: geometry + turned, ImageChannels.allCases)
  func aPlanMakesWhatItsStepsMakeOneByOne(transforms: [ImageTransform], channels: ImageChannels) throws {
    let image = Self.picture(channels)
    let file = try PNG.encode(image, compression: 1)
    let decoder = ImageDecoder(transforms, channels: channels)
    for position in 0..<8 {
      let expected = try Self.expected(decoder, image, position: position).image
      let shape = [expected.height, expected.width, channels.rawValue]
      let pixels = try Self.decoded(decoder, file, .uint8, shape: shape, position: position)
      #expect(pixels == expected.pixels, "\(transforms) of sample \(position)")
    }
  }

  /// A mirrored image is resized by weights from its other end, and a turned one by columns first.
  @Test(arguments: [
    [ImageTransform.horizontalFlip(probability: 1), .verticalFlip(probability: 1), .resize(width: 29, height: 33)],
    [.rotate(quarterTurns: 1), .resize(width: 29, height: 33)],
    [.rotate(quarterTurns: 3), .randomResizedCrop(32)],
  ])
  func whatIsLaidOtherwiseBeforeAResizeDiffersByRoundingAtMost(transforms: [ImageTransform]) throws {
    let image = Self.picture(.rgb)
    let file = try PNG.encode(image, compression: 1)
    let decoder = ImageDecoder(transforms)
    for position in 0..<8 {
      let expected = try Self.expected(decoder, image, position: position).image
      let pixels = try Self.decoded(
        decoder, file, .uint8, shape: [expected.height, expected.width, 3], position: position)
      #expect(zip(pixels, expected.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "\(transforms)")
    }
  }

  @Test(
    arguments: ["420-131x53", "444-33x31", "422-40x27"].compactMap { name in
      Photos.shared.jpegs.first { $0.name == name }
    })
  func ofAJPEGFileTheBoxAloneGivesTheSame(jpeg: Photos.JPEGCase) throws {
    let image = try JPEG.decode(jpeg.file, channels: .rgb)
    let decoder = ImageDecoder([.randomCrop(width: 4, height: 3), .resize(width: 9, height: 8)])
    for position in 0..<8 {
      let expected = try Self.expected(decoder, image, position: position).image
      #expect(
        try Self.decoded(decoder, jpeg.file, .uint8, shape: [8, 9, 3], position: position) == expected.pixels)
    }
  }

  /// A window of a resized image is made of a part of the file.
  @Test(arguments: ["420-131x53", "422-40x27"])
  func ofAFileTheWindowAloneGivesTheSame(name: String) throws {
    let jpeg = Photos.shared.jpeg(name)
    let image = try JPEG.decode(jpeg.file, channels: .rgb)
    let png = try PNG.encode(image, compression: 6)
    for interpolation in Interpolation.allCases {
      let decoder = ImageDecoder([
        .resizeShorterSide(20, interpolation: interpolation), .randomCrop(width: 5, height: 4), .horizontalFlip(),
        .verticalFlip(),
      ])
      for position in 0..<8 {
        let expected = try Self.expected(decoder, image, position: position).image.pixels
        for file in [jpeg.file, png] {
          #expect(try Self.decoded(decoder, file, .uint8, shape: [4, 5, 3], position: position) == expected)
        }
      }
    }
  }

  @Test(
    arguments: Photos.shared.webps.filter { $0.header.width >= 24 && $0.header.height >= 20 && !$0.header.isAnimated })
  func ofAWebPFileTheWindowAloneGivesTheSame(webp: Photos.WebPCase) throws {
    let image = try WebP.decode(webp.file, channels: .rgb)
    let decoder = ImageDecoder([.resizeShorterSide(15), .randomCrop(width: 5, height: 4), .horizontalFlip()])
    for position in 0..<8 {
      let expected = try Self.expected(decoder, image, position: position).image.pixels
      #expect(try Self.decoded(decoder, webp.file, .uint8, shape: [4, 5, 3], position: position) == expected)
    }
  }

  @Test(arguments: ImageLayout.allCases, [true, false])
  func floatsAreNormalizedInTheirLayout(layout: ImageLayout, isNormalized: Bool) throws {
    let image = Self.picture(.rgb)
    let file = try PNG.encode(image, compression: 1)
    let transforms: [ImageTransform] = [.randomResizedCrop(16), .horizontalFlip()]
    let decoder = ImageDecoder(transforms + (isNormalized ? [.normalizeImageNet] : []), layout: layout)
    let spec = try decoder.tensorSpec("image", .float32)
    #expect(spec.shape == (layout == .hwc ? [16, 16, 3] : [3, 16, 16]))
    for position in 0..<4 {
      let bytes = try Self.decoded(decoder, file, .float32, shape: spec.shape, position: position)
      let values = stride(from: 0, to: bytes.count, by: 4).map { start in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) })
      }
      #expect(values == (try Self.expected(decoder, image, position: position)).floats(layout))
    }
  }

  @Test func orientationIsAppliedWhereItIsAskedFor() throws {
    // Without metadata both are the image as stored.
    let image = Self.picture(.rgb)
    let file = try PNG.encode(image, compression: 1)
    let decoder = ImageDecoder([], appliesOrientation: true)
    #expect(try Self.decoded(decoder, file, .uint8, shape: [47, 61, 3], position: 0) == image.pixels)
    for jpeg in Photos.shared.jpegs where jpeg.header.orientation != .topLeft {
      let stored = try JPEG.decode(jpeg.file, channels: .rgb)
      let swaps = jpeg.header.orientation.swapsSides
      let (width, height) = swaps ? (stored.height, stored.width) : (stored.width, stored.height)
      var laid = [UInt8](repeating: 0, count: stored.pixels.count)
      var span = laid.mutableSpan
      PixelView(stored.pixels.span, width: stored.width, height: stored.height, channels: .rgb).copy(
        PixelBox(x: 0, y: 0, width: stored.width, height: stored.height), PixelOrientation(jpeg.header.orientation),
        into: &span)
      #expect(try Self.decoded(decoder, jpeg.file, .uint8, shape: [height, width, 3], position: 0) == laid)
    }
  }

  @Test(arguments: [
    (
      ImageDecoder([.normalizeImageNet]), TensorSpec("image", .uint8, shape: [2, 2, 3]), "cannot hold normalized values"
    ),
    (
      ImageDecoder([.normalizeImageNet], channels: .gray), TensorSpec("image", .float32, shape: [2, 2, 1]), "3 numbers"
    ),
    (
      ImageDecoder([.normalizeImageNet, .centerCrop(2)]), TensorSpec("image", .float32, shape: [2, 2, 3]),
      "put it before normalize"
    ),
    (ImageDecoder([.centerCrop(0)]), TensorSpec("image", .uint8, shape: [2, 2, 3]), "is not possible"),
    (ImageDecoder([.centerCrop(4)]), TensorSpec("image", .uint8, shape: [2, 2, 3]), "declare the shape [4, 4, 3]"),
    (ImageDecoder(), TensorSpec("image", .int32, shape: [2, 2, 3]), "cannot hold images"),
    (
      ImageDecoder([.colorJitter(hue: 0.1)], channels: .gray), TensorSpec("image", .uint8, shape: [2, 2]),
      "needs images of rgb"
    ),
  ])
  func mistakesAreToldBeforeAnythingRuns(decoder: ImageDecoder, tensor: TensorSpec, words: String) {
    let error = #expect(throws: HeadraceError.self) { try decoder.validate(tensor) }
    #expect(error?.code == .invalidPipeline)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    (ImageDecoder([.resize(width: 0, height: 9)]), "the size is 0x9"),
    (ImageDecoder([.colorJitter(brightness: -1)]), "brightness is -1.0"),
    (ImageDecoder([.normalize(mean: [0.5, 0.5], deviation: [1])]), "2 numbers; images of rgb have 3 channels"),
    (ImageDecoder([.randomErasing(value: [1, 2])]), "2 values; images of rgb have 3 channels"),
    (ImageDecoder([.normalizeImageNet, .normalizeImageNet]), "the second normalize"),
    (ImageDecoder([.grayscale()], channels: .rgba), "these are rgba"),
    (ImageDecoder(reducingGap: 0.5), "reducingGap of 0.5"),
  ])
  func mistakesAreErrorsWhereNothingWasPlanned(decoder: ImageDecoder, words: String) throws {
    let file = try PNG.encode(Self.picture(.rgb), compression: 1)
    var later = ImageDecoder()
    (later.transforms, later.channels, later.reducingGap) = (
      decoder.transforms, decoder.channels, decoder.reducingGap
    )
    for decoder in [decoder, later] {
      var random = SampleContext(epoch: 0, position: 0, stage: "decode").random(seed: 7, sample: nil)
      let ofImage = #expect(throws: HeadraceError.self) { _ = try decoder.image(file.span, random: &random) }
      #expect(ofImage?.code == .invalidArgument)
      #expect(ofImage?.message.contains(words) == true, "\(ofImage?.message ?? "")")
      let ofTensor = #expect(throws: HeadraceError.self) {
        _ = try Self.decoded(decoder, file, .float32, shape: [47, 61, decoder.channels.rawValue], position: 0)
      }
      #expect(ofTensor == ofImage)
    }
  }

  @Test(arguments: [
    (ImageTransform.resize(width: 0, height: 9), "the size is 0x9"),
    (.colorJitter(brightness: -1), "brightness is -1.0"),
    (.normalize(mean: [0.5, 0.5], deviation: [1]), "2 numbers"), (.normalizeImageNet, "leave normalize out"),
  ])
  func anImageIsNotTransformedByMistakes(transform: ImageTransform, words: String) {
    var random = SampleContext(epoch: 0, position: 0, stage: "decode").random(seed: 7, sample: nil)
    let error = #expect(throws: HeadraceError.self) {
      _ = try Self.picture(.rgb).transformed(by: [transform], random: &random)
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func anImageOfAnotherSizeIsNamedWithTheTensor() throws {
    let file = try PNG.encode(Self.picture(.rgb), compression: 1)
    let error = #expect(throws: HeadraceError.self) {
      _ = try Self.decoded(ImageDecoder(), file, .uint8, shape: [47, 60, 3], position: 0)
    }
    #expect(error?.code == .wrongType && error?.message.contains("61x47") == true)
  }
}
