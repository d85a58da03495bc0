import Foundation
import HeadraceCore
import HeadraceImages
import Synchronization
import Testing

@Suite struct JPEGDecodeTests {
  @Test(arguments: Photos.shared.jpegs)
  func pixelsArePillowsForEveryKindOfJPEG(_ jpeg: Photos.JPEGCase) throws {
    #expect(try JPEG.header(of: jpeg.file) == jpeg.header)
    for (channels, pixels) in jpeg.expected {
      let image = try JPEG.decode(jpeg.file, channels: channels)
      #expect(image.width == jpeg.header.width && image.height == jpeg.header.height && image.channels == channels)
      #expect(pixels.equal(image.pixels), "\(channels)")
    }
  }

  @Test(arguments: Photos.shared.jpegs)
  func alphaIsOpaqueAndColorsAreThoseOfRGB(_ jpeg: Photos.JPEGCase) throws {
    let rgba = try JPEG.decode(jpeg.file, channels: .rgba).pixels
    #expect(stride(from: 3, to: rgba.count, by: 4).allSatisfy { rgba[$0] == 255 })
    #expect(jpeg.expected[.rgb]!.equal(rgba.indices.filter { $0 % 4 != 3 }.map { rgba[$0] }))
  }

  @Test(arguments: Photos.shared.jpegs)
  func aTensorIsFilledToItsEdgesAndNoFurther(_ jpeg: Photos.JPEGCase) throws {
    for channels in ImageChannels.allCases {
      var row = TensorMemory(shape: [jpeg.header.height, jpeg.header.width, channels.rawValue])
      try JPEG.decode(jpeg.file, into: try row.tensor("image"))
      #expect(row.bytes() == (try JPEG.decode(jpeg.file, channels: channels)).pixels, "\(channels)")
    }
  }

  @Test func aTensorOfAnotherSizeIsNamedWithTheImageAndTheRemedy() {
    let error = #expect(throws: HeadraceError.self) {
      var row = TensorMemory(shape: [224, 200, 3])
      try JPEG.decode(Photos.shared.jpeg("420-7x5").file, into: try row.tensor("image"))
    }
    #expect(error?.code == .wrongType)
    #expect(
      error?.message
        == "The image is 7x5, tensor \"image\" takes 200x224 (shape [224, 200, 3]); decode to an Image and resize it "
        + "into the tensor, or change its TensorSpec.")
  }

  @Test func aFileDoesNotGetTheTablesOfTheOneBefore() throws {
    let whole = Photos.shared.jpeg("quality-75-33x31")
    _ = try JPEG.decode(whole.file, channels: .rgb)
    // Without its quantization tables, which are in segments of code DB.
    var bare = whole.file
    while let start = bare.indices.dropLast(3).first(where: { bare[$0] == 0xff && bare[$0 + 1] == 0xdb }) {
      bare.removeSubrange(start..<(start + 2 + Int(bare[start + 2]) << 8 + Int(bare[start + 3])))
    }
    let error = #expect(throws: HeadraceError.self) { try JPEG.decode(bare, channels: .rgb) }
    #expect(error?.message.contains("Quantization table 0x00 was not defined") == true, "\(error?.message ?? "")")
  }

  @Test func threadsDoNotSeeEachOther() {
    let jpegs = Photos.shared.jpegs
    let differing = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for i in jpegs.indices {
        // Each thread takes another order; a damaged file in between takes the way out by longjmp.
        let jpeg = jpegs[(i * 7 + thread * 31) % jpegs.count]
        let broken = try? JPEG.decode(Array(jpeg.file.dropLast(5)), channels: .rgb)
        let image = try? JPEG.decode(jpeg.file, channels: .rgb)
        let isEqual = image.map { jpeg.expected[.rgb]!.equal($0.pixels) } ?? false
        if !isEqual || broken != nil { differing.withLock { $0.append(jpeg.name) } }
      }
    }
    #expect(differing.withLock { $0 } == [])
  }
}
