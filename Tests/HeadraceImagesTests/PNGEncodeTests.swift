import HeadraceCore
import HeadraceImages
import Testing

@Suite struct PNGEncodeTests {
  @Test(arguments: ImageChannels.allCases, [(1, 1), (7, 5), (33, 9), (300, 2)])
  func whatIsEncodedDecodesToTheSamePixels(_ channels: ImageChannels, _ size: (Int, Int)) throws {
    var generator = SystemRandomNumberGenerator()
    let pixels = (0..<(size.0 * size.1 * channels.rawValue)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let image = Image(width: size.0, height: size.1, channels: channels, pixels: pixels)
    for compression in [0, 1, 6, 9] {
      let file = try PNG.encode(image, compression: compression)
      #expect(try PNG.decode(file, channels: channels) == image)
    }
  }

  @Test func theHeaderSaysWhatWasEncoded() throws {
    let image = Image(width: 3, height: 2, channels: .rgba, pixels: [UInt8](repeating: 9, count: 24))
    let header = try PNG.header(of: try PNG.encode(image))
    #expect(header == PNGHeader(width: 3, height: 2, bitDepth: 8, colorType: .rgba, isInterlaced: false))
  }

  @Test(arguments: [-1, 10])
  func aCompressionThatDoesNotExistIsRefused(_ compression: Int) {
    let image = Image(width: 1, height: 1, channels: .gray, pixels: [0])
    let error = #expect(throws: HeadraceError.self) { try PNG.encode(image, compression: compression) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message == "compression is \(compression); use 0 (none) to 9 (smallest).")
  }
}
