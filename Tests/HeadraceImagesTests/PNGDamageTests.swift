import HeadraceCore
import HeadraceImages
import HeadraceTestSupport
import Testing

@Suite struct PNGDamageTests {
  /// One file of each color type, interlaced ones, small and large depths, and one of many IDAT chunks.
  static let samples = [
    "color0-depth1-7x5", "color0-depth16-7x5-interlaced-transparent", "color2-depth8-7x5-interlaced",
    "color2-depth16-7x5-transparent", "color3-depth4-7x5-transparent", "color3-depth8-7x5-interlaced",
    "color4-depth8-7x5", "color4-depth16-1x1", "color6-depth8-7x5-interlaced", "color6-depth16-7x5", "idat-of-1",
  ]

  @Test(arguments: samples)
  func everyPrefixOfAFileIsRefused(_ name: String) throws {
    let file = Corpus.shared.png(name).file
    for count in file.indices {
      for channels in ImageChannels.allCases {
        let error = #expect(throws: HeadraceError.self) {
          try PNG.decode(Array(file.prefix(count)), channels: channels)
        }
        #expect(error?.code == .malformedImage)
        #expect(error?.message.contains("input ended at byte \(count),") == true, "\(error?.message ?? "")")
      }
    }
  }

  @Test(arguments: samples)
  func anyFlippedBitGivesPixelsOrAnError(_ name: String) throws {
    let file = Corpus.shared.png(name).file
    for i in file.indices {
      for bit in 0..<8 {
        var damaged = file
        damaged[i] ^= 1 << bit
        decodeOrRefuse(damaged)
      }
    }
  }

  @Test(arguments: samples)
  func anyFlippedBitUnderAValidChecksumGivesPixelsOrAnError(_ name: String) throws {
    let file = Corpus.shared.png(name).file
    for chunk in PNGChunks.ranges(of: file) {
      for i in (chunk.data.lowerBound - 4)..<chunk.data.upperBound {
        for bit in 0..<8 {
          var damaged = file
          damaged[i] ^= 1 << bit
          PNGChunks.repair(&damaged, chunk.data)
          decodeOrRefuse(damaged)
        }
      }
    }
  }

  @Test func aFlippedBitOfPixelsIsFoundAndItsPlaceNamed() throws {
    let file = Corpus.shared.png("color6-depth8-7x5").file
    let pixels = try #require(PNGChunks.ranges(of: file).first { $0.type == "IDAT" }).data
    var damaged = file
    damaged[pixels.upperBound - 1] ^= 1
    let error = #expect(throws: HeadraceError.self) { try PNG.decode(damaged, channels: .rgba) }
    #expect(error?.code == .malformedImage)
    #expect(error?.message.contains("of \(file.count): IDAT: ") == true, "\(error?.message ?? "")")
  }

  @Test func aDamagedTransparencyIsRefusedOnlyWhereItCounts() throws {
    let png = Corpus.shared.png("color3-depth4-7x5-transparent")
    let transparency = try #require(PNGChunks.ranges(of: png.file).first { $0.type == "tRNS" }).data
    var damaged = png.file
    damaged[transparency.lowerBound] ^= 1
    #expect(try PNG.decode(damaged, channels: .rgb).pixels == png.expected[.rgb])
    let error = #expect(throws: HeadraceError.self) { try PNG.decode(damaged, channels: .rgba) }
    #expect(error?.code == .malformedImage)
    #expect(error?.message.contains("tRNS: CRC error") == true)
  }

  @Test func transparencyThatLibpngCannotUseIsRefusedRatherThanOpaque() throws {
    let png = Corpus.shared.png("palette-of-3-depth2")
    let file = PNGChunks.inserting("tRNS", [1, 2, 3, 4, 5], into: png.file)
    let error = #expect(throws: HeadraceError.self) { try PNG.decode(file, channels: .rgba) }
    #expect(error?.message.contains("tRNS: invalid") == true)
    #expect(try PNG.decode(file, channels: .gray).pixels == png.expected[.gray])
  }

  @Test func transparencyBesideAnAlphaChannelIsIgnored() throws {
    let png = Corpus.shared.png("color6-depth8-7x5")
    let file = PNGChunks.inserting("tRNS", [0, 1, 0, 2, 0, 3], into: png.file)
    #expect(try PNG.decode(file, channels: .rgba).pixels == png.expected[.rgba])
  }

  @Test(arguments: ["tEXt", "eXIf", "iCCP", "abCd"])
  func metadataOfAnySizeIsSkipped(_ type: String) throws {
    let png = Corpus.shared.png("color2-depth8-7x5")
    let file = PNGChunks.inserting(type, [UInt8](repeating: 65, count: 3 << 20), into: png.file)
    #expect(try PNG.decode(file, channels: .rgb).pixels == png.expected[.rgb])
  }

  @Test func anUnknownCriticalChunkIsRefused() throws {
    let file = PNGChunks.inserting("ABCD", [1], into: Corpus.shared.png("color2-depth8-7x5").file)
    let error = #expect(throws: HeadraceError.self) { try PNG.decode(file, channels: .rgb) }
    #expect(error?.code == .malformedImage)
    #expect(error?.message.contains("ABCD: unhandled critical chunk") == true)
  }

  @Test func anEmptyInputEndsAtByteZero() {
    let error = #expect(throws: HeadraceError.self) { try PNG.header(of: []) }
    #expect(error?.code == .malformedImage)
    #expect(
      error?.message
        == "The PNG file is cut: input ended at byte 0, before the end of its IEND chunk; fetch or write it again.")
  }

  @Test(arguments: [Array("hello, this is text\n".utf8), [0xff, 0xd8, 0xff, 0xe0, 0, 16], [0], [0x89, 0x50, 0x4e, 0]])
  func whatIsNoPNGIsNamedByItsFirstBytes(_ bytes: [UInt8]) {
    let ofHeader = #expect(throws: HeadraceError.self) { try PNG.header(of: bytes) }
    let ofPixels = #expect(throws: HeadraceError.self) { try PNG.decode(bytes, channels: .rgb) }
    #expect(ofHeader == ofPixels)
    #expect(ofHeader?.code == .malformedImage)
    #expect(ofHeader?.message.hasPrefix("Not a PNG file: ") == true)
  }

  @Test func aTextFileIsShownByItsBytes() {
    let error = #expect(throws: HeadraceError.self) { try PNG.header(of: Array("hello, text".utf8)) }
    #expect(
      error?.message
        == "Not a PNG file: byte 0 starts 68 65 6c 6c 6f 2c 20 74, not 89 50 4e 47 0d 0a 1a 0a; "
        + "check which field or file this is, or leave it out.")
  }

  @Test func aHeaderOfFourBillionPixelsIsRefusedAtOnce() throws {
    let file = PNGChunks.header(width: 65_535, height: 65_535)
    #expect(try PNG.header(of: file).width == 65_535)
    let error = #expect(throws: HeadraceError.self) { try PNG.decode(file, channels: .rgba) }
    #expect(error?.code == .limitExceeded)
    #expect(
      error?.message
        == "The image is 65535x65535, 4294836225 pixels; the limit is 89478485. "
        + "Raise DecodeLimits.maximumPixels if you trust the file, or leave it out.")
    let intoTensor = #expect(throws: HeadraceError.self) {
      var row = TensorMemory(shape: [8, 8, 3])
      try PNG.decode(file, into: try row.tensor("image"))
    }
    #expect(intoTensor?.code == .limitExceeded)
  }

  @Test func theLargestHeaderOverflowsNothing() {
    let file = PNGChunks.header(width: 0x7fff_ffff, height: 0x7fff_ffff)
    let error = #expect(throws: HeadraceError.self) {
      try PNG.decode(file, channels: .rgba, limits: DecodeLimits(maximumPixels: .max))
    }
    #expect(error?.code == .limitExceeded)
  }

  @Test func theLimitIsThePixelsOfAnImageThatStillPasses() throws {
    let png = Corpus.shared.png("color2-depth8-7x5")
    #expect(try PNG.decode(png.file, channels: .rgb, limits: .init(maximumPixels: 35)).pixels == png.expected[.rgb])
    let error = #expect(throws: HeadraceError.self) {
      try PNG.decode(png.file, channels: .rgb, limits: .init(maximumPixels: 34))
    }
    #expect(error?.code == .limitExceeded)
  }

  @Test(
    arguments: [
      (0, 1, 8, 2), (1, 0, 8, 2), (0x8000_0000, 1, 8, 2), (1, 1, 4, 2), (1, 1, 3, 0), (1, 1, 16, 3), (1, 1, 8, 1),
      (1, 1, 8, 7), (1, 1, 0, 0),
    ] as [(UInt32, UInt32, UInt8, UInt8)])
  func aHeaderOutsideTheSpecificationIsRefused(_ width: UInt32, _ height: UInt32, _ depth: UInt8, _ color: UInt8) {
    let file = PNGChunks.header(width: width, height: height, depth: depth, color: color)
    let error = #expect(throws: HeadraceError.self) { try PNG.header(of: file) }
    #expect(error?.code == .malformedImage)
    #expect(error?.message.contains("IHDR: ") == true)
  }

  /// Memory safety is the claim: whatever this calls must return. Sizes come from the file, so they are limited.
  private func decodeOrRefuse(_ file: [UInt8]) {
    for channels in ImageChannels.allCases {
      do {
        let image = try PNG.decode(file, channels: channels, limits: DecodeLimits(maximumPixels: 100_000))
        #expect(image.pixels.count == image.width * image.height * channels.rawValue)
      } catch {
        #expect(error.code == .malformedImage || error.code == .limitExceeded)
        #expect(!error.message.contains(": ;"), "no cause: \(error.message)")
      }
    }
  }
}
