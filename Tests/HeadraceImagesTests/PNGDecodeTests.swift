import Foundation
import HeadraceCore
import HeadraceImages
import Synchronization
import Testing

@Suite struct PNGDecodeTests {
  @Test(arguments: Corpus.shared.pngs)
  func pixelsArePillowsForEveryKindOfPNG(_ png: Corpus.PNGCase) throws {
    #expect(try PNG.header(of: png.file) == png.header)
    for channels in ImageChannels.allCases {
      let image = try PNG.decode(png.file, channels: channels)
      #expect(image.width == png.header.width && image.height == png.header.height && image.channels == channels)
      #expect(image.pixels == png.expected[channels], "\(channels)")
    }
  }

  @Test(arguments: Corpus.shared.pngs)
  func aTensorIsFilledToItsEdgesAndNoFurther(_ png: Corpus.PNGCase) throws {
    for channels in ImageChannels.allCases {
      var row = TensorMemory(shape: [png.header.height, png.header.width, channels.rawValue])
      try PNG.decode(png.file, into: try row.tensor("image"))
      #expect(row.bytes() == png.expected[channels], "\(channels)")
    }
  }

  @Test func theCorpusHasEveryColorTypeDepthAndInterlacing() {
    let kinds = Set(Corpus.shared.pngs.map { [Int($0.header.colorType.rawValue), $0.header.bitDepth] })
    #expect(kinds.count == 15)
    for kind in kinds {
      for isInterlaced in [false, true] {
        #expect(
          Corpus.shared.pngs.contains {
            [Int($0.header.colorType.rawValue), $0.header.bitDepth] == kind && $0.header.isInterlaced == isInterlaced
          })
      }
    }
  }

  @Test func aTensorOfTwoDimensionsTakesGray() throws {
    let png = Corpus.shared.png("color2-depth8-7x5")
    var row = TensorMemory(shape: [5, 7])
    try PNG.decode(png.file.span, into: try row.tensor("image"))
    #expect(row.bytes() == png.expected[.gray])
  }

  @Test func aTensorOfAnotherSizeIsNamedWithTheImageAndTheRemedy() throws {
    let png = Corpus.shared.png("color2-depth8-7x5")
    let error = #expect(throws: HeadraceError.self) {
      var row = TensorMemory(shape: [224, 200, 3])
      try PNG.decode(png.file, into: try row.tensor("image"))
    }
    #expect(error?.code == .wrongType)
    #expect(
      error?.message
        == "The image is 7x5, tensor \"image\" takes 200x224 (shape [224, 200, 3]); decode to an Image and resize it "
        + "into the tensor, or change its TensorSpec.")
  }

  @Test(arguments: [[], [35], [5, 7, 2], [5, 7, 3, 1], [1, 5, 7, 3], [5, 7, 5]])
  func aTensorThatIsNoImageIsRefused(_ shape: [Int]) throws {
    let png = Corpus.shared.png("color2-depth8-7x5")
    let error = #expect(throws: HeadraceError.self) {
      var row = TensorMemory(shape: shape)
      try PNG.decode(png.file, into: try row.tensor("image"))
    }
    #expect(error?.code == .wrongType)
    #expect(error?.message.contains("\(shape)") == true)
  }

  @Test(arguments: DType.allCases.filter { $0 != .uint8 })
  func aTensorOfAnotherElementTypeIsRefused(_ dtype: DType) throws {
    let png = Corpus.shared.png("color2-depth8-7x5")
    let error = #expect(throws: HeadraceError.self) {
      var row = TensorMemory(dtype, shape: [5, 7, 3])
      try PNG.decode(png.file, into: try row.tensor("image"))
    }
    #expect(error?.code == .wrongType)
    #expect(error?.message.contains("\(dtype)") == true)
  }

  @Test func threadsDoNotSeeEachOther() throws {
    let pngs = Corpus.shared.pngs
    let differing = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for i in pngs.indices {
        // Each thread takes another order; a damaged file in between takes the way out by longjmp.
        let png = pngs[(i * 7 + thread * 31) % pngs.count]
        let broken = try? PNG.decode(Array(png.file.dropLast(5)), channels: .rgb)
        let image = try? PNG.decode(png.file, channels: .rgba)
        if image?.pixels != png.expected[.rgba] || broken != nil { differing.withLock { $0.append(png.name) } }
      }
    }
    #expect(differing.withLock { $0 } == [])
  }
}
