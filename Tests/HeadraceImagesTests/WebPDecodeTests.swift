import HeadraceCore
import HeadraceImages
import Testing

@Suite struct WebPDecodeTests {
  static let stills = Photos.shared.webps.filter { !$0.header.isAnimated }

  @Test(arguments: stills)
  func pixelsArePillowsForEveryKindOfWebP(_ webp: Photos.WebPCase) throws {
    #expect(try WebP.header(of: webp.file) == webp.header)
    for channels in ImageChannels.allCases {
      let image = try WebP.decode(webp.file, channels: channels)
      #expect(image.width == webp.header.width && image.height == webp.header.height && image.channels == channels)
      #expect(webp.expected[channels]!.equal(image.pixels), "\(channels)")
    }
  }

  @Test(arguments: stills)
  func aTensorIsFilledToItsEdgesAndNoFurther(_ webp: Photos.WebPCase) throws {
    for channels in ImageChannels.allCases {
      var row = TensorMemory(shape: [webp.header.height, webp.header.width, channels.rawValue])
      try WebP.decode(webp.file, into: try row.tensor("image"))
      #expect(webp.expected[channels]!.equal(row.bytes()), "\(channels)")
    }
  }

  @Test(arguments: stills)
  func aBoxHasThePixelsOfTheWholeImage(_ webp: Photos.WebPCase) throws {
    let (width, height) = (webp.header.width, webp.header.height)
    for channels in ImageChannels.allCases {
      let whole = try WebP.decode(webp.file, channels: channels).pixels
      let size = channels.rawValue
      for (x, y) in [(0, 0), (1, 1), (2, 3), (15, 16), (17, 15), (width / 2, height / 2), (width - 1, height - 1)]
      where x < width && y < height {
        for (boxWidth, boxHeight) in [(1, 1), (3, 2), (16, 17), (width - x, height - y)]
        where boxWidth <= width - x && boxHeight <= height - y {
          let box = PixelBox(x: x, y: y, width: boxWidth, height: boxHeight)
          let pixels = try BoxPixels.of(webp.file, webp.header, channels, box)
          var expected = [UInt8]()
          for row in y..<(y + boxHeight) {
            let start = (row * width + x) * size
            expected += whole[start..<(start + boxWidth * size)]
          }
          #expect(pixels == expected, "\(channels), \(box)")
        }
      }
    }
  }

  @Test(arguments: ["lossy-9x17", "alpha-7x5", "lossless-alpha-7x5", "orientation-6"])
  func everyPrefixOfAFileIsRefused(_ name: String) {
    let file = Photos.shared.webp(name).file
    for count in file.indices {
      let error = #expect(throws: HeadraceError.self) { try WebP.decode(Array(file.prefix(count)), channels: .rgb) }
      #expect(error?.code == .malformedImage)
      if count >= 12 {
        #expect(error?.message.contains("is cut: input ended at byte \(count),") == true, "\(error?.message ?? "")")
      }
    }
  }

  @Test(arguments: ["lossy-9x17", "alpha-7x5", "lossless-alpha-7x5", "orientation-6", "animated"])
  func anyFlippedBitGivesPixelsOrAnError(_ name: String) {
    let file = Photos.shared.webp(name).file
    for i in file.indices {
      for bit in 0..<8 {
        var damaged = file
        damaged[i] ^= 1 << bit
        do {
          let image = try WebP.decode(damaged, channels: .rgba, limits: DecodeLimits(maximumPixels: 100_000))
          #expect(image.pixels.count == image.width * image.height * 4)
        } catch {
          #expect(error.code == .malformedImage || error.code == .limitExceeded)
        }
      }
    }
  }

  @Test func whatFollowsTheFileIsIgnored() throws {
    let webp = Photos.shared.webp("lossy-9x17")
    #expect(webp.expected[.rgb]!.equal(try WebP.decode(webp.file + [1, 2, 3], channels: .rgb).pixels))
  }

  @Test func anAnimationIsRefusedWithTheRemedy() throws {
    let webp = Photos.shared.webp("animated")
    #expect(try WebP.header(of: webp.file).isAnimated)
    let error = #expect(throws: HeadraceError.self) { try WebP.decode(webp.file, channels: .rgb) }
    #expect(error?.code == .malformedImage)
    #expect(
      error?.message
        == "The WebP file is animated, which is not read; store the frame that is wanted as a file of its own, or "
        + "leave it out.")
  }

  @Test func theLimitIsThePixelsOfAnImageThatStillPasses() throws {
    let webp = Photos.shared.webp("lossy-7x5")
    #expect(throws: Never.self) { try WebP.decode(webp.file, channels: .rgb, limits: .init(maximumPixels: 35)) }
    let error = #expect(throws: HeadraceError.self) {
      try WebP.decode(webp.file, channels: .rgb, limits: .init(maximumPixels: 34))
    }
    #expect(error?.code == .limitExceeded)
  }

  @Test(arguments: [Array("hello, this is text\n".utf8), Array("RIFF1234WAVE".utf8), [0], []])
  func whatIsNoWebPIsNamedByItsFirstBytes(_ bytes: [UInt8]) {
    let error = #expect(throws: HeadraceError.self) { try WebP.header(of: bytes) }
    #expect(error?.code == .malformedImage)
    #expect(error?.message.hasPrefix("Not a WebP file: ") == true)
  }
}
