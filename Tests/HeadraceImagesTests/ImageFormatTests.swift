import HeadraceCore
import HeadraceImages
import HeadraceTestSupport
import Testing

@Suite struct ImageFormatTests {
  @Test func theFirstBytesTellTheFormat() {
    for png in Corpus.shared.pngs { #expect(ImageFormat(png.file.span) == .png, "\(png.name)") }
    for jpeg in Photos.shared.jpegs { #expect(ImageFormat(jpeg.file.span) == .jpeg, "\(jpeg.name)") }
    for webp in Photos.shared.webps { #expect(ImageFormat(webp.file.span) == .webp, "\(webp.name)") }
  }

  @Test func aPartOfASignatureIsNone() {
    for file: [UInt8] in [
      Array(Corpus.shared.pngs[0].file.prefix(7)), Array(Photos.shared.jpegs[0].file.prefix(2)),
      Array(Photos.shared.webps[0].file.prefix(11)), [],
    ] {
      #expect(ImageFormat(file.span) == nil)
    }
  }

  @Test func aHeaderHasTheSizeOfAnyFormat() throws {
    let png = Corpus.shared.png("color2-depth8-7x5")
    #expect(try ImageHeader(of: png.file.span) == ImageHeader(format: .png, width: 7, height: 5))
    for jpeg in Photos.shared.jpegs {
      let header = try ImageHeader(of: jpeg.file.span)
      #expect(header.format == .jpeg && header.width == jpeg.header.width && header.height == jpeg.header.height)
      #expect(header.orientation == jpeg.header.orientation)
    }
    for webp in Photos.shared.webps {
      let header = try ImageHeader(of: webp.file.span)
      #expect(header.format == .webp && header.width == webp.header.width && header.height == webp.header.height)
      #expect(header.orientation == webp.header.orientation)
    }
  }

  @Test func whatIsNoImageIsShownByItsBytesAndTheFormatsAreNamed() {
    let error = #expect(throws: HeadraceError.self) { try ImageHeader(of: Array("GIF89a, not read".utf8).span) }
    #expect(error?.code == .malformedImage)
    #expect(
      error?.message
        == "Not an image file of a known format (png, jpeg, webp): it starts 47 49 46 38 39 61 2c 20; "
        + "check which field or file this is, convert it, or leave it out.")
  }

  @Test func whatCouldBeTheFirstBytesOfAFileIsCut() {
    let files = [Corpus.shared.pngs[0].file, Photos.shared.jpegs[0].file, Photos.shared.webps[0].file]
    for (file, count) in zip(files, [8, 3, 12]) {
      for end in 0..<count {
        let cut = Array(file.prefix(end))
        let error = #expect(throws: HeadraceError.self) { try ImageHeader(of: cut.span) }
        #expect(
          error?.message
            == "The image file is cut: input ended at byte \(end), before its format is known; fetch or write it again."
        )
      }
    }
  }

  @Test(arguments: ImageOrientation.allCases, [false, true])
  func orientationIsReadFromExifInEveryFormat(_ orientation: ImageOrientation, _ isLittle: Bool) throws {
    let tiff = Self.tiff(UInt16(orientation.rawValue), isLittle: isLittle)
    let jpeg = Self.inserting(Array("Exif\0\0".utf8) + tiff, into: Photos.shared.jpeg("420-7x5").file)
    #expect(try ImageHeader(of: jpeg.span).orientation == orientation)
    let png = PNGChunks.inserting("eXIf", tiff, into: Corpus.shared.png("color2-depth8-7x5").file)
    #expect(try ImageHeader(of: png.span).orientation == orientation)
  }

  @Test func theFirstExifSegmentCountsAndOtherMetadataIsPassedOver() throws {
    let turned = Array("Exif\0\0".utf8) + Self.tiff(6, isLittle: true)
    let plain = Photos.shared.jpeg("420-7x5").file
    let other = Self.inserting(
      Array("http://ns.adobe.com/xap/1.0/\0<x/>".utf8), into: Self.inserting(turned, into: plain))
    #expect(try JPEG.header(of: other).orientation == .rightTop)
    let twice = Self.inserting(
      Array("Exif\0\0".utf8) + Self.tiff(3, isLittle: false), into: Self.inserting(turned, into: plain))
    #expect(try JPEG.header(of: twice).orientation == .bottomRight)
  }

  @Test func damagedExifIsNoOrientationAndNoError() throws {
    let plain = Photos.shared.jpeg("420-7x5").file
    for isLittle in [false, true] {
      let tiff = Self.tiff(6, isLittle: isLittle)
      // Every prefix, and every byte with other values: offsets and counts among them lead anywhere.
      var damaged: [[UInt8]] = tiff.indices.map { Array(tiff.prefix($0)) }
      for i in tiff.indices {
        for value: UInt8 in [0, 1, 0x7f, 0x80, 0xff] {
          damaged.append(tiff)
          damaged[damaged.count - 1][i] = value
        }
      }
      for tiff in damaged {
        let file = Self.inserting(Array("Exif\0\0".utf8) + tiff, into: plain)
        let header = try ImageHeader(of: file.span)
        #expect(header.width == 7 && header.height == 5)
        if tiff.count < 34 { #expect(header.orientation == .topLeft) }
      }
    }
    for value: UInt16 in [0, 9, 255, 0x600] {
      let file = Self.inserting(Array("Exif\0\0".utf8) + Self.tiff(value, isLittle: true), into: plain)
      #expect(try ImageHeader(of: file.span).orientation == .topLeft)
    }
  }

  /// A TIFF of one directory with two entries, the second of which is the orientation.
  private static func tiff(_ orientation: UInt16, isLittle: Bool) -> [UInt8] {
    func bytes(_ value: Int, _ count: Int) -> [UInt8] {
      let big = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
      return isLittle ? big.reversed() : big
    }
    var tiff = Array((isLittle ? "II" : "MM").utf8) + bytes(42, 2) + bytes(8, 4) + bytes(2, 2)
    // Tag, type, count, value.
    tiff += bytes(0x100, 2) + bytes(4, 2) + bytes(1, 4) + bytes(7, 4)
    tiff += bytes(0x112, 2) + bytes(3, 2) + bytes(1, 4) + bytes(Int(orientation), 2) + bytes(0, 2)
    return tiff + bytes(0, 4)
  }

  /// A JPEG file with that data in an APP1 segment at its start.
  private static func inserting(_ data: [UInt8], into file: [UInt8]) -> [UInt8] {
    let length = data.count + 2
    return Array(file.prefix(2)) + [0xff, 0xe1, UInt8(length >> 8), UInt8(length & 255)] + data + file.dropFirst(2)
  }
}
