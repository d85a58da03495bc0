import Foundation
import HeadraceImages
import Testing

/// The files of Fixtures/make_jpeg_fixtures.py, JPEG and WebP, with what Pillow makes of each.
struct Photos: Sendable {
  static let shared = Photos()

  let jpegs: [JPEGCase]
  let webps: [WebPCase]

  /// A JPEG file and its pixels.
  struct JPEGCase: Sendable, CustomTestStringConvertible {
    var name: String
    var header: JPEGHeader
    var file: [UInt8]
    var expected: [ImageChannels: Pixels]
    var testDescription: String { name }
  }

  /// A WebP file and its pixels.
  struct WebPCase: Sendable, CustomTestStringConvertible {
    var name: String
    var header: WebPHeader
    var file: [UInt8]
    var expected: [ImageChannels: Pixels]
    var testDescription: String { name }
  }

  /// Pixels as Pillow has them: their hash, and themselves where they are few.
  struct Pixels: Sendable {
    var hash: String
    var bytes: [UInt8]?

    /// Whether `pixels` are these.
    func equal(_ pixels: [UInt8]) -> Bool {
      if let bytes { return bytes == pixels }
      let value = pixels.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      return String(repeating: "0", count: value.leadingZeroBitCount / 4) + String(value, radix: 16) == hash
    }
  }

  /// The JPEG file of that name.
  func jpeg(_ name: String) -> JPEGCase { jpegs.first { $0.name == name }! }

  /// The WebP file of that name.
  func webp(_ name: String) -> WebPCase { webps.first { $0.name == name }! }

  private init() {
    let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil)!
    let bytes = [UInt8](try! Data(contentsOf: folder.appendingPathComponent("photos.bin")))
    let index = try! JSONDecoder().decode(
      Index.self, from: Data(contentsOf: folder.appendingPathComponent("photos.json")))
    func slice(_ range: [Int]) -> [UInt8] { Array(bytes[range[0]..<(range[0] + range[1])]) }
    func pixels(_ entry: PixelsEntry) -> Pixels { Pixels(hash: entry.hash, bytes: entry.pixels.map(slice)) }

    jpegs = index.jpeg.map { entry in
      JPEGCase(
        name: entry.name,
        header: JPEGHeader(
          width: entry.width, height: entry.height, componentCount: entry.components,
          isProgressive: entry.progressive, orientation: ImageOrientation(rawValue: entry.orientation)!),
        file: slice(entry.file), expected: [.gray: pixels(entry.gray), .rgb: pixels(entry.rgb)])
    }
    webps = index.webp.map { entry in
      WebPCase(
        name: entry.name,
        header: WebPHeader(
          width: entry.width, height: entry.height, hasAlpha: entry.name.contains("alpha"),
          isAnimated: entry.name == "animated", orientation: ImageOrientation(rawValue: entry.orientation)!),
        file: slice(entry.file),
        expected: [.gray: pixels(entry.gray), .rgb: pixels(entry.rgb), .rgba: pixels(entry.rgba)])
    }
  }

  private struct Index: Decodable {
    var jpeg: [JPEGEntry]
    var webp: [WebPEntry]
  }

  private struct PixelsEntry: Decodable {
    var hash: String
    var pixels: [Int]?
  }

  private struct JPEGEntry: Decodable {
    var name: String
    var width: Int
    var height: Int
    var components: Int
    var progressive: Bool
    var orientation: Int
    var file: [Int]
    var gray: PixelsEntry
    var rgb: PixelsEntry

    // The index names Pillow's modes.
    private enum CodingKeys: String, CodingKey {
      case name, width, height, components, progressive, orientation, file
      case gray = "L"
      case rgb = "RGB"
    }
  }

  private struct WebPEntry: Decodable {
    var name: String
    var width: Int
    var height: Int
    var orientation: Int
    var file: [Int]
    var gray: PixelsEntry
    var rgb: PixelsEntry
    var rgba: PixelsEntry

    private enum CodingKeys: String, CodingKey {
      case name, width, height, orientation, file
      case gray = "L"
      case rgb = "RGB"
      case rgba = "RGBA"
    }
  }
}
