import HeadraceCore
import HeadraceImages
import Testing

@Suite struct JPEGRegionTests {
  /// Wide enough that MCUs are left out, at every subsampling; and what has few pixels, restarts, scans or four inks.
  static let samples = Photos.shared.jpegs.filter {
    $0.name.hasSuffix("131x53") || $0.name.hasSuffix("33x31") || $0.name.hasSuffix("9x17") || $0.name.hasSuffix("1x1")
  }

  @Test(arguments: samples)
  func aBoxHasThePixelsOfTheWholeScaledImage(_ jpeg: Photos.JPEGCase) throws {
    for eighths in 1...8 {
      let size = JPEG.scaledSize(of: jpeg.header, eighths: eighths)
      for channels in [ImageChannels.gray, .rgb] {
        let all = PixelBox(x: 0, y: 0, width: size.width, height: size.height)
        let whole = try rows(jpeg, channels, eighths, all)
        for box in Self.boxes(size.width, size.height) {
          let pixels = try rows(jpeg, channels, eighths, box)
          #expect(
            pixels == Self.cut(whole, size.width, channels, box), "\(channels), \(eighths) eighths, \(box)")
        }
      }
    }
  }

  @Test(arguments: samples)
  func fullSizeIsTheDecodedImage(_ jpeg: Photos.JPEGCase) throws {
    let all = PixelBox(x: 0, y: 0, width: jpeg.header.width, height: jpeg.header.height)
    for channels in ImageChannels.allCases {
      let image = try JPEG.decode(jpeg.file, channels: channels)
      #expect(try rows(jpeg, channels, 8, all) == image.pixels, "\(channels)")
    }
  }

  /// libjpeg then smooths blocks by those around them.
  @Test(arguments: ["progressive-444-131x53", "progressive-420-131x53", "progressive-gray-33x31"])
  func aBoxOfAProgressiveFileThatEndsEarlyHasThePixelsOfTheWhole(_ name: String) throws {
    var jpeg = Photos.shared.jpeg(name)
    let file = jpeg.file
    let scans = file.indices.dropLast().filter { file[$0] == 0xff && file[$0 + 1] == 0xda }
    try #require(scans.count > 2)
    for end in scans.dropFirst() {
      jpeg.file = Array(file[..<end]) + [0xff, 0xd9]
      for eighths in [4, 8] {
        let size = JPEG.scaledSize(of: jpeg.header, eighths: eighths)
        let all = PixelBox(x: 0, y: 0, width: size.width, height: size.height)
        let whole = try rows(jpeg, .rgb, eighths, all)
        for box in Self.boxes(size.width, size.height) {
          let pixels = try rows(jpeg, .rgb, eighths, box)
          #expect(pixels == Self.cut(whole, size.width, .rgb, box), "\(eighths) eighths, \(box)")
        }
      }
    }
  }

  @Test(arguments: ["420-131x53", "progressive-420-131x53", "gray-131x53", "cmyk-33x31"])
  func everyRowAndEveryColumnAloneIsThatOfTheWhole(_ name: String) throws {
    let jpeg = Photos.shared.jpeg(name)
    let image = try JPEG.decode(jpeg.file, channels: .rgb)
    let (width, height) = (image.width, image.height)
    let lines =
      (0..<height).map { PixelBox(x: 0, y: $0, width: width, height: 1) }
      + (0..<width).map { PixelBox(x: $0, y: 0, width: 1, height: height) }
    for box in lines {
      #expect(try rows(jpeg, .rgb, 8, box) == Self.cut(image.pixels, width, .rgb, box), "\(box)")
    }
  }

  @Test(arguments: samples)
  func rowsWithAStrideAreTheSameAndNothingBetweenThemIsWritten(_ jpeg: Photos.JPEGCase) throws {
    let size = JPEG.scaledSize(of: jpeg.header, eighths: 5)
    for box in [
      PixelBox(x: 0, y: 0, width: size.width, height: size.height),
      PixelBox(x: size.width / 3, y: size.height / 4, width: (size.width + 2) / 3, height: (size.height + 1) / 2),
    ] {
      let tight = try rows(jpeg, .rgb, 5, box)
      let rowByteCount = box.width * 3
      let stride = rowByteCount + 7
      var memory = [UInt8](repeating: 0xa5, count: stride * box.height)
      _ = try unsafe memory.withUnsafeMutableBufferPointer { memory throws(HeadraceError) in
        try unsafe JPEG.read(
          jpeg.file.span, jpeg.header, channels: .rgb, eighths: 5, box: box, truncation: .refuse, into: memory,
          stride: stride)
      }
      for y in 0..<box.height {
        let row = memory[(y * stride)..<((y + 1) * stride)]
        #expect(Array(row.prefix(rowByteCount)) == Array(tight[(y * rowByteCount)..<((y + 1) * rowByteCount)]))
        #expect(row.dropFirst(rowByteCount).allSatisfy { $0 == 0xa5 }, "between rows, after row \(y)")
      }
    }
  }

  @Test func scaledSizesAreRoundedUp() {
    let header = JPEGHeader(width: 17, height: 500, componentCount: 3, isProgressive: false)
    #expect((1...8).map { JPEG.scaledSize(of: header, eighths: $0).width } == [3, 5, 7, 9, 11, 13, 15, 17])
    #expect((1...8).map { JPEG.scaledSize(of: header, eighths: $0).height } == [63, 125, 188, 250, 313, 375, 438, 500])
  }

  private func rows(
    _ jpeg: Photos.JPEGCase, _ channels: ImageChannels, _ eighths: Int, _ box: PixelBox
  ) throws -> [UInt8] {
    try BoxPixels.of(jpeg.file, jpeg.header, channels, eighths, box)
  }

  private static func cut(_ pixels: [UInt8], _ width: Int, _ channels: ImageChannels, _ box: PixelBox) -> [UInt8] {
    var result = [UInt8]()
    for y in box.y..<(box.y + box.height) {
      let start = (y * width + box.x) * channels.rawValue
      result += pixels[start..<(start + box.width * channels.rawValue)]
    }
    return result
  }

  /// Boxes that begin and end at, before and behind the places where MCUs may.
  private static func boxes(_ width: Int, _ height: Int) -> [PixelBox] {
    func spans(_ extent: Int) -> [(Int, Int)] {
      let places = Set([0, 1, 7, 8, 9, 16, 17, 31, extent / 2, extent - 1]).filter { 0 <= $0 && $0 < extent }
      var spans = [(Int, Int)]()
      for start in places.sorted() {
        let counts = Set([1, 2, 9, 16, extent - start]).filter { $0 <= extent - start }
        spans += counts.sorted().map { (start, $0) }
      }
      return spans
    }
    let columns = spans(width)
    let rows = spans(height)
    // Each span of columns with one of rows, and the other way round.
    return (0..<(columns.count * 3)).map { i in
      let (x, boxWidth) = columns[i % columns.count]
      let (y, boxHeight) = rows[(i * 5 + i / columns.count) % rows.count]
      return PixelBox(x: x, y: y, width: boxWidth, height: boxHeight)
    }
  }
}
