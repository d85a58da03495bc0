import HeadraceCore
import HeadraceImages
import Testing

@Suite struct JPEGDamageTests {
  /// One small file of each way of coding.
  static let samples = [
    "420-9x17", "gray-7x5", "progressive-gray-33x31", "restart-1B-33x31", "arithmetic-33x31", "scans-of-one-33x31",
    "cmyk-33x31", "orientation-6",
  ]

  @Test(arguments: samples)
  func everyPrefixOfAFileIsRefused(_ name: String) {
    let file = Photos.shared.jpeg(name).file
    for count in file.indices {
      let error = #expect(throws: HeadraceError.self) { try JPEG.decode(Array(file.prefix(count)), channels: .rgb) }
      #expect(error?.code == .malformedImage)
      #expect(error?.message.contains("input ended at byte \(count),") == true, "\(error?.message ?? "")")
    }
  }

  @Test(arguments: samples)
  func aPrefixWithAScanIsFilledWhereThatIsAskedFor(_ name: String) throws {
    let jpeg = Photos.shared.jpeg(name)
    let scan = try #require(Self.firstScan(of: jpeg.file))
    let whole = try JPEG.decode(jpeg.file, channels: .rgb)
    for count in scan..<jpeg.file.count {
      // A header between two scans that is cut says nothing of use: then there is an error, as with Pillow.
      guard let image = try? JPEG.decode(Array(jpeg.file.prefix(count)), channels: .rgb, truncation: .fill) else {
        #expect(jpeg.header.isProgressive || name == "scans-of-one-33x31")
        continue
      }
      #expect(image.width == whole.width && image.height == whole.height)
      // All pixels are there: what is missing is the end marker alone.
      if count >= jpeg.file.count - 2 { #expect(image == whole) }
    }
  }

  @Test(arguments: samples)
  func anyFlippedBitGivesPixelsOrAnError(_ name: String) throws {
    let file = Photos.shared.jpeg(name).file
    for i in file.indices {
      for bit in 0..<8 {
        var damaged = file
        damaged[i] ^= 1 << bit
        for truncation in TruncationPolicy.allCases { decodeOrRefuse(damaged, truncation) }
      }
    }
  }

  @Test(arguments: samples)
  func aBoxOfADamagedFileGivesPixelsOrAnError(_ name: String) throws {
    let file = Photos.shared.jpeg(name).file
    for i in file.indices {
      var damaged = file
      damaged[i] ^= UInt8(1 + i % 255)
      for truncation in TruncationPolicy.allCases {
        for eighths in [1, 3, 8] { decodeBoxOrRefuse(damaged, eighths, truncation) }
      }
    }
  }

  @Test func missingRowsAreGrayAndRowsBeforeThemAreWhole() throws {
    let jpeg = Photos.shared.jpeg("gray-131x53")
    let whole = try JPEG.decode(jpeg.file, channels: .gray)
    let half = try JPEG.decode(Array(jpeg.file.prefix(jpeg.file.count / 2)), channels: .gray, truncation: .fill)
    #expect(half.pixels.prefix(131 * 8) == whole.pixels.prefix(131 * 8))
    #expect(Set(half.pixels.suffix(131)).count == 1)
  }

  @Test func damageBelowABoxIsNotLookedForButACutIs() throws {
    let jpeg = Photos.shared.jpeg("restart-1-131x53")
    let box = PixelBox(x: 0, y: 0, width: 131, height: 8)
    var damaged = jpeg.file
    // The last restart marker gets another number.
    let last = try #require(
      damaged.indices.dropLast().last { damaged[$0] == 0xff && (0xd0...0xd7).contains(damaged[$0 + 1]) })
    damaged[last + 1] ^= 4
    func read(_ file: [UInt8]) throws -> [UInt8] { try BoxPixels.of(file, jpeg.header, .rgb, 8, box) }
    #expect(try read(damaged) == read(jpeg.file))
    let whole = #expect(throws: HeadraceError.self) { try JPEG.decode(damaged, channels: .rgb) }
    #expect(whole?.message.contains("instead of RST") == true, "\(whole?.message ?? "")")
    let cut = #expect(throws: HeadraceError.self) { try read(Array(jpeg.file.dropLast(2))) }
    #expect(cut?.message.contains("is cut") == true)
  }

  @Test func whatFollowsTheEndIsIgnored() throws {
    let jpeg = Photos.shared.jpeg("420-9x17")
    for tail in [[0], [0xff], [0xff, 0xd9], [UInt8](repeating: 0, count: 5000), jpeg.file] {
      #expect(jpeg.expected[.rgb]!.equal(try JPEG.decode(jpeg.file + tail, channels: .rgb).pixels))
    }
  }

  @Test func bytesBetweenMarkersAreHarmless() throws {
    let jpeg = Photos.shared.jpeg("420-9x17")
    let file = Array(jpeg.file.prefix(2)) + [1, 2, 3] + Array(jpeg.file.dropFirst(2))
    // The first three bytes must be a JPEG file's, so that these are no file of that format.
    #expect(ImageFormat(file.span) == nil)
    let beforeEnd = Array(jpeg.file.dropLast(2)) + [0, 0, 0] + Array(jpeg.file.suffix(2))
    #expect(jpeg.expected[.rgb]!.equal(try JPEG.decode(beforeEnd, channels: .rgb).pixels))
  }

  @Test func aHeaderOfFourBillionPixelsIsRefusedAtOnce() throws {
    for name in ["420-9x17", "progressive-gray-33x31"] {
      let file = try Self.resized(Photos.shared.jpeg(name).file, width: 65_535, height: 65_535)
      #expect(try JPEG.header(of: file).width == 65_535)
      for truncation in TruncationPolicy.allCases {
        let error = #expect(throws: HeadraceError.self) {
          try JPEG.decode(file, channels: .rgba, truncation: truncation)
        }
        #expect(error?.code == .limitExceeded)
        #expect(
          error?.message
            == "The image is 65535x65535, 4294836225 pixels; the limit is 89478485. "
            + "Raise DecodeLimits.maximumPixels if you trust the file, or leave it out.")
      }
    }
  }

  @Test func aFileOfLessThanABitForEachBlockIsCutBeforeMemoryIsTaken() throws {
    let file = try Self.resized(Photos.shared.jpeg("progressive-gray-33x31").file, width: 9000, height: 9000)
    let header = try JPEG.header(of: file)
    let error = #expect(throws: HeadraceError.self) {
      try BoxPixels.of(file, header, .gray, 8, PixelBox(x: 0, y: 0, width: 1, height: 1))
    }
    #expect(error?.message.contains("is cut: input ended at byte \(file.count)") == true)
  }

  @Test func theScansOfAFileAreLimited() throws {
    let jpeg = Photos.shared.jpeg("progressive-gray-33x31")
    let count = jpeg.file.indices.dropLast().count { jpeg.file[$0] == 0xff && jpeg.file[$0 + 1] == 0xda }
    #expect(count > 1)
    #expect(throws: Never.self) {
      try JPEG.decode(jpeg.file, channels: .gray, limits: DecodeLimits(maximumScans: count))
    }
    let error = #expect(throws: HeadraceError.self) {
      try JPEG.decode(jpeg.file, channels: .gray, limits: DecodeLimits(maximumScans: count - 1))
    }
    #expect(error?.code == .limitExceeded)
    #expect(error?.message.contains("DecodeLimits.maximumScans") == true)
  }

  @Test(arguments: [Array("hello, this is text\n".utf8), [0x89, 0x50, 0x4e, 0x47], [0], [0xff, 0xd8, 0xfe, 0]])
  func whatIsNoJPEGIsNamedByItsFirstBytes(_ bytes: [UInt8]) {
    let ofHeader = #expect(throws: HeadraceError.self) { try JPEG.header(of: bytes) }
    let ofPixels = #expect(throws: HeadraceError.self) { try JPEG.decode(bytes, channels: .rgb) }
    #expect(ofHeader == ofPixels)
    #expect(ofHeader?.code == .malformedImage)
    #expect(ofHeader?.message.hasPrefix("Not a JPEG file: ") == true)
  }

  /// A lossless frame, and one of 12 bits: places counted from the frame's marker.
  @Test(arguments: [(1, 0xc3), (4, 12)] as [(Int, UInt8)])
  func aFrameThatIsNotReadIsNamed(_ offset: Int, _ value: UInt8) throws {
    var file = Photos.shared.jpeg("420-9x17").file
    file[try #require(Self.frame(of: file)) + offset] = value
    let error = #expect(throws: HeadraceError.self) { try JPEG.decode(file, channels: .rgb) }
    #expect(error?.code == .malformedImage)
    #expect(error?.message.contains("of a kind that is not read") == true, "\(error?.message ?? "")")
  }

  /// Memory safety is the claim: whatever this calls must return. Sizes come from the file, so they are limited.
  private func decodeOrRefuse(_ file: [UInt8], _ truncation: TruncationPolicy) {
    do {
      let image = try JPEG.decode(
        file, channels: .rgb, truncation: truncation, limits: DecodeLimits(maximumPixels: 100_000))
      #expect(image.pixels.count == image.width * image.height * 3)
    } catch {
      #expect(error.code == .malformedImage || error.code == .limitExceeded)
      #expect(!error.message.contains(": ;"), "no cause: \(error.message)")
    }
  }

  private func decodeBoxOrRefuse(_ file: [UInt8], _ eighths: Int, _ truncation: TruncationPolicy) {
    do throws(HeadraceError) {
      let header = try JPEG.header(of: file.span)
      let size = JPEG.scaledSize(of: header, eighths: eighths)
      let box = PixelBox(x: size.width / 3, y: size.height / 3, width: (size.width + 2) / 3, height: 1)
      _ = try BoxPixels.of(
        file, header, .rgb, eighths, box, truncation, limits: DecodeLimits(maximumPixels: 100_000))
    } catch {
      #expect(error.code == .malformedImage || error.code == .limitExceeded)
    }
  }

  /// Where the frame header begins.
  private static func frame(of file: [UInt8]) -> Int? {
    file.indices.dropLast().first { file[$0] == 0xff && [0xc0, 0xc1, 0xc2].contains(file[$0 + 1]) }
  }

  /// Where the data of the first scan begins.
  private static func firstScan(of file: [UInt8]) -> Int? {
    guard let start = file.indices.dropLast(3).first(where: { file[$0] == 0xff && file[$0 + 1] == 0xda }) else {
      return nil
    }
    return start + 2 + Int(file[start + 2]) << 8 + Int(file[start + 3])
  }

  /// The file with another size in its header.
  private static func resized(_ file: [UInt8], width: Int, height: Int) throws -> [UInt8] {
    let frame = try #require(Self.frame(of: file))
    let size = [height >> 8, height & 255, width >> 8, width & 255].map { UInt8($0) }
    return Array(file[..<(frame + 5)]) + size + Array(file[(frame + 9)...])
  }
}
