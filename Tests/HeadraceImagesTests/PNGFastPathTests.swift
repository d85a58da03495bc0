import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceImages

/// The fast path against libpng, the reference; with each width of vectors that this processor has.
@Suite struct PNGFastPathTests {
  static let colors: [PNGHeader.ColorType] = [.gray, .rgb, .palette, .grayAlpha, .rgba]
  /// Palette of fewer entries than there are indices.
  static let palette = (0..<600).map { UInt8(truncatingIfNeeded: $0 * 37) }

  static func file(_ width: Int, _ height: Int, _ color: PNGHeader.ColorType) -> FilteredFile {
    FilteredFile(width: width, height: height, colorType: color, palette: color == .palette ? palette : [])
  }

  // MARK: Pixels

  @Test(arguments: Corpus.shared.pngs)
  func aFileOfAnyKindHasThePixelsOfTheReference(_ png: Corpus.PNGCase) throws {
    for channels in ImageChannels.allCases {
      for width in SIMDWidth.available {
        #expect(try PNG.decode(png.file.span, channels: channels, path: .fast(width)).pixels == png.expected[channels])
      }
      #expect(try PNG.decode(png.file.span, channels: channels, path: .libpng).pixels == png.expected[channels])
    }
  }

  @Test(arguments: colors, [[0], [1], [2], [3], [4], [0, 1, 2, 3, 4]] as [[UInt8]])
  func everySizeTo9x9HasThePixelsOfTheReference(_ color: PNGHeader.ColorType, _ filters: [UInt8]) throws {
    for width in 1...9 {
      for height in 1...9 {
        var file = Self.file(width, height, color)
        file.filters = filters
        try expectThatPathsAgree(file.bytes(seed: UInt64(width * 16 + height)))
      }
    }
  }

  /// Vectors hold 4, 8 or 16 rows, the last of which are 3, 8 or 18 pixels behind; a block has 4 pixels.
  @Test(arguments: colors, [[4], [3], [1, 2], [4, 3, 2, 1, 0, 4, 4]] as [[UInt8]])
  func sizesAroundThoseOfVectorsHaveThePixelsOfTheReference(
    _ color: PNGHeader.ColorType, _ filters: [UInt8]
  ) throws {
    for width in Array(15...37) + [63, 64, 65, 255, 256, 257, 300] {
      for height in [4, 7, 8, 15, 16, 17, 33] {
        var file = Self.file(width, height, color)
        file.filters = filters
        try expectThatPathsAgree(file.bytes(seed: UInt64(width * 64 + height)), channels: [.rgb, .rgba])
      }
    }
  }

  @Test(arguments: [PNGHeader.ColorType.gray, .rgb, .palette])
  func transparencyIsThatOfTheReference(_ color: PNGHeader.ColorType) throws {
    var file = Self.file(40, 20, color)
    // Samples of small steps meet the color now and then; of its 16 bits the upper 8 do not count.
    file.transparency = color == .palette ? [0, 10, 20, 255, 1] : color == .gray ? [9, 3] : [1, 2, 0, 0, 7, 1]
    file.filters = [0, 2]
    for seed in 0..<20 { try expectThatPathsAgree(file.bytes(seed: UInt64(seed))) }
  }

  private static func rows(_ rows: Range<Int>, of file: [UInt8], _ channels: ImageChannels) throws -> [UInt8] {
    let width = try PNG.header(of: file).width
    var pixels = [UInt8](repeating: 0, count: width * rows.count * channels.rawValue)
    try unsafe pixels.withUnsafeMutableBufferPointer { pixels throws(HeadraceError) in
      try unsafe PNG.read(file.span, channels: channels, limits: .default, rows: rows, into: pixels)
    }
    return pixels
  }

  @Test(arguments: Corpus.shared.pngs)
  func rowsOfAFileOfAnyKindAreThoseOfTheWhole(_ png: Corpus.PNGCase) throws {
    let height = png.header.height
    for channels in ImageChannels.allCases {
      let stride = png.header.width * channels.rawValue
      for rows in [0..<1, (height - 1)..<height, (height / 3)..<(height / 2 + 1)] {
        let expected = Array(png.expected[channels]![(rows.lowerBound * stride)..<(rows.upperBound * stride)])
        #expect(try Self.rows(rows, of: png.file, channels) == expected, "\(rows), \(channels)")
      }
    }
  }

  @Test(arguments: colors, [[4], [1, 2, 2, 3, 4, 4, 4], [2, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 1]] as [[UInt8]])
  func everyIntervalOfRowsIsThatOfTheWhole(_ color: PNGHeader.ColorType, _ filters: [UInt8]) throws {
    var file = Self.file(5, 40, color)
    file.filters = filters
    let bytes = file.bytes(seed: 4)
    let whole = try PNG.decode(bytes.span, channels: .rgb, path: .libpng).pixels
    for first in 0..<40 {
      for end in (first + 1)...40 {
        #expect(try Self.rows(first..<end, of: bytes, .rgb) == Array(whole[(first * 15)..<(end * 15)]))
      }
    }
  }

  @Test func anEncodersCompressedFilesTakeTheFastPath() throws {
    for channels in ImageChannels.allCases {
      for (width, height) in [(1, 1), (7, 5), (33, 9), (300, 70)] {
        let pixels = (0..<(width * height * channels.rawValue)).map { UInt8(truncatingIfNeeded: $0 * $0 / 97) }
        for compression in [0, 1, 6, 9] {
          let image = Image(width: width, height: height, channels: channels, pixels: pixels)
          let file = try PNG.encode(image, compression: compression)
          #expect(PNGFastPath.takes(file, channels: channels))
          try expectThatPathsAgree(file)
        }
      }
    }
  }

  @Test func aTensorIsFilledToItsEdgesAndNoFurther() throws {
    for color in Self.colors {
      for (width, height) in [(1, 1), (5, 17), (31, 16), (100, 37)] {
        let file = Self.file(width, height, color).bytes(seed: 5)
        for channels in ImageChannels.allCases {
          let expected = try PNG.decode(file.span, channels: channels, path: .libpng).pixels
          for vectors in SIMDWidth.available {
            var row = TensorMemory(shape: [height, width, channels.rawValue])
            try PNG.decode(file.span, into: try row.tensor("image"), path: .fast(vectors))
            #expect(row.bytes() == expected, "\(width)x\(height) \(color) \(vectors)")
          }
        }
      }
    }
  }

  // MARK: What it takes

  @Test(arguments: colors, [1, 2, 3, 7, 100, 5000])
  func idatChunksOfAnySizeTakeTheFastPath(_ color: PNGHeader.ColorType, _ chunkBytes: Int) throws {
    var file = Self.file(23, 19, color)
    file.chunkBytes = chunkBytes
    let bytes = file.bytes(seed: 1)
    #expect(PNGFastPath.takes(bytes, channels: .rgb))
    try expectThatPathsAgree(bytes)
  }

  @Test func emptyIDATChunksAreNothing() throws {
    let bytes = Self.file(23, 19, .rgb).bytes(seed: 1)
    let data = try #require(PNGChunks.ranges(of: bytes).first { $0.type == "IDAT" }).data
    let empty = PNGChunks.chunk("IDAT", [])
    for at in [data.lowerBound - 8, data.upperBound + 4] {
      try expectThatPathsAgree(bytes[..<at] + empty + bytes[at...])
    }
  }

  @Test func metadataBeforeAndAfterThePixelsIsSkippedOnTheFastPath() throws {
    let bytes = Self.file(23, 19, .rgb).bytes(seed: 1)
    var text = PNGChunks.chunk("tEXt", [UInt8](repeating: 65, count: 300_000))
    // Its checksum does not matter, and libpng does not think so either.
    for damage in [UInt8(0), 1] {
      text[text.count - 1] ^= damage
      for at in [33, bytes.count - 12] {
        let file = Array(bytes[..<at] + text + bytes[at...])
        #expect(PNGFastPath.takes(file, channels: .rgb))
        try expectThatPathsAgree(file)
      }
    }
  }

  @Test func whatIsStrangeIsLeftToTheReference() throws {
    let plain = Self.file(23, 19, .rgb)
    let bytes = plain.bytes(seed: 1)
    #expect(PNGFastPath.takes(bytes, channels: .rgba))
    func expectReference(_ file: [UInt8], _ what: Comment) throws {
      #expect(!PNGFastPath.takes(file, channels: .rgba), what)
      try expectThatPathsAgree(file)
    }
    var file = plain
    file.hasWrongAdler = true
    try expectReference(file.bytes(seed: 1), "a wrong Adler-32")
    file = plain
    file.trailer = [1, 2, 3]
    try expectReference(file.bytes(seed: 1), "bytes behind the stream")
    file = plain
    file.windowBits = 8
    try expectReference(file.bytes(seed: 1), "a window that is smaller than the image")
    file = plain
    file.filters = [0, 5]
    try expectReference(file.bytes(seed: 1), "a filter that does not exist")
    file = plain
    file.height = 20
    try expectReference(PNGChunks.replacingHeader(of: bytes, by: file.bytes(seed: 1)), "a row too few")
    file.height = 18
    try expectReference(PNGChunks.replacingHeader(of: bytes, by: file.bytes(seed: 1)), "a row too many")
    try expectReference(PNGChunks.inserting("PLTE", Self.palette, into: bytes), "a suggested palette")
    try expectReference(PNGChunks.inserting("tRNS", [0, 1], into: bytes), "a transparent color of another kind")
    try expectReference(PNGChunks.inserting("ABCD", [], into: bytes), "an unknown critical chunk")
    try expectReference(PNGChunks.inserting("ab1d", [], into: bytes), "a type that is no word")
    try expectReference(Array(bytes.dropLast(1)), "a cut IEND")
    var damaged = bytes
    damaged[damaged.count - 1] ^= 1
    try expectReference(damaged, "a wrong checksum of IEND")
    file = Self.file(23, 19, .palette)
    file.palette = []
    try expectReference(file.bytes(seed: 1), "no palette")
    file.palette = Array(Self.palette.prefix(8))
    try expectReference(file.bytes(seed: 1), "a palette of 8 bytes")
    file.palette = [UInt8](repeating: 1, count: 771)
    try expectReference(file.bytes(seed: 1), "a palette of 257 colors")
    file.palette = [1, 2, 3]
    file.transparency = [1, 2]
    try expectReference(file.bytes(seed: 1), "more alphas than colors")
    for name in ["color0-depth1-7x5", "color2-depth16-7x5-transparent", "color2-depth8-7x5-interlaced"] {
      try expectReference(Corpus.shared.png(name).file, "\(name)")
    }
  }

  @Test func aWrongAdler32IsRefusedAndBytesBehindTheStreamAreNot() throws {
    var file = Self.file(23, 19, .rgb)
    let expected = try PNG.decode(file.bytes(seed: 1), channels: .rgb)
    file.trailer = [1, 2, 3]
    #expect(try PNG.decode(file.bytes(seed: 1), channels: .rgb) == expected)
    file.hasWrongAdler = true
    let error = #expect(throws: HeadraceError.self) { try PNG.decode(file.bytes(seed: 1), channels: .rgb) }
    #expect(error?.message.contains("IDAT: incorrect data check") == true, "\(error?.message ?? "")")
  }

  @Test func idatChunksWithAnotherBetweenThemAreLeftToTheReference() throws {
    var file = Self.file(23, 19, .rgb)
    file.chunkBytes = 500
    let bytes = file.bytes(seed: 1)
    let at = PNGChunks.ranges(of: bytes).filter { $0.type == "IDAT" }[1].data.lowerBound - 8
    let split = Array(bytes[..<at] + PNGChunks.chunk("tEXt", [65, 0]) + bytes[at...])
    #expect(!PNGFastPath.takes(split, channels: .rgb))
    try expectThatPathsAgree(split)
  }

  // MARK: Damage

  @Test(arguments: colors)
  func mutatedFilesAreAcceptedByBothPathsOrByNone(_ color: PNGHeader.ColorType) throws {
    var generator = SplitMix64(seed: Int(color.rawValue))
    var file = Self.file(13, 17, color)
    if color == .palette { file.transparency = [1, 2, 3] }
    file.chunkBytes = 120
    let image = Image(width: 40, height: 30, channels: .rgb, pixels: (0..<3600).map { UInt8($0 * $0 / 97 & 255) })
    let files = [file.bytes(seed: 3), try PNG.encode(image)]
    for round in 0..<1500 {
      var damaged = files[round % 2]
      for _ in 0...Int.random(in: 0...2, using: &generator) {
        let at = Int.random(in: 29..<damaged.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: damaged[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: damaged[at] = UInt8.random(in: 0...255, using: &generator)
        case 2: damaged.remove(at: at)
        default: damaged.insert(UInt8.random(in: 0...255, using: &generator), at: at)
        }
      }
      // Checksums that are right let damage through to what is behind them.
      if round % 4 < 3 { damaged = PNGChunks.repaired(damaged) }
      try expectThatPathsAgree(damaged, channels: [.rgba])
    }
  }

  /// Damage to a stream is mostly found by its Adler-32: so this makes the stream of rows that are anything.
  @Test(arguments: colors)
  func rowsOfAnyBytesAndFiltersAreTheSameOnBothPathsOfWhichMostTakeTheFastOne(
    _ color: PNGHeader.ColorType
  ) throws {
    var generator = SplitMix64(seed: Int(color.rawValue))
    var takenCount = 0
    for round in 0..<200 {
      var file = Self.file(
        Int.random(in: 1...70, using: &generator), Int.random(in: 1...40, using: &generator), color)
      file.filters = (0..<file.height).map { _ in UInt8.random(in: 0...4, using: &generator) }
      // One that there is not.
      if round % 10 == 0 { file.filters[file.height / 2] = UInt8.random(in: 5...255, using: &generator) }
      let bytes = file.bytes(seed: UInt64(round + 1))
      try expectThatPathsAgree(bytes, channels: [.rgb])
      if PNGFastPath.takes(bytes, channels: .rgb) { takenCount += 1 }
    }
    #expect(takenCount == 180)
  }

  @Test func aStreamThatInflatesToMoreThanTheImageIsNoLargerThanTheImage() throws {
    // 64 MiB of zeros in 64 KiB, in a file that says 8x8.
    let zeros = try PNG.encode(
      Image(width: 8192, height: 8192, channels: .gray, pixels: [UInt8](repeating: 0, count: 1 << 26)), compression: 9)
    let small = PNGChunks.header(width: 8, height: 8, color: 0) + zeros.dropFirst(33)
    #expect(!PNGFastPath.takes(small, channels: .gray))
    try expectThatPathsAgree(small, channels: [.gray])
  }

  @Test(arguments: [(1032, 1, true), (1033, 1, true), (1 << 30, 1 << 20, true), (1 << 30, 1 << 19, false)])
  func memoryIsTakenOnlyForRowsThatTheFileCanHave(_ rowBytes: Int, _ compressed: Int, _ isPossible: Bool) {
    let header = PNGHeader(width: rowBytes - 1, height: 1, bitDepth: 8, colorType: .gray, isInterlaced: false)
    #expect(FilteredRows(header).canComeOf(compressedByteCount: compressed) == isPossible)
  }

  // MARK: Helpers

  /// Both paths give the same pixels, or the same error.
  private func expectThatPathsAgree(
    _ file: some Sequence<UInt8>, channels: [ImageChannels] = ImageChannels.allCases,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = Array(file)
    let limits = DecodeLimits(maximumPixels: 1 << 20)
    for channels in channels {
      let expected = Result { () throws(HeadraceError) in
        try PNG.decode(file.span, channels: channels, limits: limits, path: .libpng)
      }
      for width in SIMDWidth.available {
        let found = Result { () throws(HeadraceError) in
          try PNG.decode(file.span, channels: channels, limits: limits, path: .fast(width))
        }
        switch (found, expected) {
        case (.success(let found), .success(let expected)):
          #expect(found == expected, "\(channels), \(width)", sourceLocation: sourceLocation)
        case (.failure(let found), .failure(let expected)):
          #expect(found == expected, "\(channels), \(width)", sourceLocation: sourceLocation)
        default:
          Issue.record("\(width): \(found), libpng: \(expected)", sourceLocation: sourceLocation)
        }
      }
    }
  }
}
