import HeadraceCore
import Testing

@testable import HeadraceImages

/// Images in caches and quarantines.
@Suite struct ImageStorableTests {
  @Test(arguments: ImageChannels.allCases) func anImageIsMadeAgain(_ channels: ImageChannels) throws {
    let image = image(3, 2, channels)
    #expect(image.byteCount == 6 * channels.rawValue)
    let bytes = try stored(image)
    let again = try Image(storedBytes: bytes.span)
    #expect(again == image)
  }

  @Test func bytesThatAreNoImageAreRefusedAndNeverTrap() throws {
    let bytes = try stored(image(3, 2, .rgb))
    for count in 0..<bytes.count { expectRefused(Array(bytes[..<count])) }
    expectRefused(bytes + [0])
    for place in 0..<12 {
      for value in [UInt8(0), 4, 0x7F, 0x80, 0xFF] where value != bytes[place] {
        var changed = bytes
        changed[place] = value
        expectRefused(changed)
      }
    }
  }

  @Test func anImageIsAFileThatViewersOpen() throws {
    let image = image(3, 2, .rgba)
    let files = try image.inspectableFiles()
    #expect(files.map(\.name) == ["png"])
    #expect(try PNG.decode(files[0].bytes, channels: .rgba) == image)
  }

  private func image(_ width: Int, _ height: Int, _ channels: ImageChannels) -> Image {
    let count = width * height * channels.rawValue
    return Image(width: width, height: height, channels: channels, pixels: (0..<count).map { UInt8($0 * 7) })
  }

  private func stored(_ image: Image) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try image.store(into: &bytes)
    return bytes
  }

  private func expectRefused(_ bytes: [UInt8]) {
    do {
      let image = try Image(storedBytes: bytes.span)
      Issue.record("\(bytes) is \(image)")
    } catch {
      #expect((error as? HeadraceError)?.code == .malformedCache)
    }
  }
}
