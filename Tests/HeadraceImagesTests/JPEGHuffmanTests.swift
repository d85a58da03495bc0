import HeadraceCore
import HeadraceImages
import Testing

/// Huffman codes that are decoded here against libjpeg's own decoding of the same files.
@Suite struct JPEGHuffmanTests {
  @Test(arguments: Photos.shared.jpegs)
  func pixelsAreLibjpegsAtEachScale(_ jpeg: Photos.JPEGCase) throws {
    for eighths in 1...8 {
      let size = JPEG.scaledSize(of: jpeg.header, eighths: eighths)
      let box = PixelBox(x: 0, y: 0, width: size.width, height: size.height)
      try compare(jpeg.file, jpeg.header, eighths, box, "at \(eighths)/8")
    }
  }

  /// Or the other tests would compare libjpeg with itself.
  @Test(arguments: Photos.shared.jpegs)
  func filesOfOneScanWithHuffmanCodesAreDecodedHereToTheEnd(_ jpeg: Photos.JPEGCase) throws {
    let isLeft = ["progressive", "arithmetic", "scans-of-one"].contains { jpeg.name.hasPrefix($0) }
    #expect(try entropyDecoder(jpeg.file, jpeg.header) == (isLeft ? .library : .own))
  }

  @Test func damageIsLeftToLibjpeg() throws {
    for name in ["420-9x17", "restart-1B-33x31"] {
      let jpeg = Photos.shared.jpeg(name)
      let half = Array(jpeg.file.prefix(jpeg.file.count - 20))
      #expect(try entropyDecoder(half, jpeg.header) == .leftToLibrary)
    }
  }

  private func entropyDecoder(_ file: [UInt8], _ header: JPEGHeader) throws -> JPEGEntropyDecoder {
    var pixels = [UInt8](repeating: 0, count: header.width * header.height * 3)
    return try unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      try unsafe JPEG.read(
        file.span, header, channels: .rgb, eighths: 8,
        box: PixelBox(x: 0, y: 0, width: header.width, height: header.height), truncation: .fill, into: pixels,
        stride: header.width * 3)
    }
  }

  /// Rows above a box are decoded and not stored.
  @Test(arguments: ["420-131x53", "444-131x53", "gray-131x53", "restart-1-131x53"])
  func pixelsOfEachRowAreLibjpegs(_ name: String) throws {
    let jpeg = Photos.shared.jpeg(name)
    for row in 0..<jpeg.header.height {
      let box = PixelBox(x: 40, y: row, width: 31, height: 1)
      try compare(jpeg.file, jpeg.header, 8, box, "row \(row)")
    }
  }

  /// Wherever a scan ends or goes wrong libjpeg's word is what counts, of pixels, of the error and of its byte.
  @Test(arguments: JPEGDamageTests.samples)
  func everyFlippedBitAndEveryCutIsWhatLibjpegSaysItIs(_ name: String) throws {
    let jpeg = Photos.shared.jpeg(name)
    let box = PixelBox(x: 0, y: 0, width: jpeg.header.width, height: jpeg.header.height)
    for i in jpeg.file.indices {
      for bit in 0..<8 {
        var damaged = jpeg.file
        damaged[i] ^= 1 << bit
        try compare(damaged, jpeg.header, 8, box, "bit \(bit) of byte \(i)")
      }
      try compare(Array(jpeg.file.prefix(i)), jpeg.header, 8, box, "\(i) bytes")
    }
  }

  private func compare(
    _ file: [UInt8], _ header: JPEGHeader, _ eighths: Int, _ box: PixelBox, _ what: String
  ) throws {
    for truncation in TruncationPolicy.allCases {
      let results = [false, true].map { isPlain in
        Result { () throws(HeadraceError) in
          try BoxPixels.of(file, header, .rgb, eighths, box, truncation, isPlain: isPlain)
        }
      }
      #expect(results[0] == results[1], "\(what), \(truncation)")
    }
  }
}
