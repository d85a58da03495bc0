import Foundation
import HeadraceImages
import Testing

/// The files of Fixtures/make_fixtures.py: PNGs and images to resize, each with the pixels that Pillow makes of them.
struct Corpus: Sendable {
  static let shared = Corpus()

  let pngs: [PNGCase]
  let resizes: [ResizeCase]
  let boxes: [BoxCase]

  /// A PNG file and its pixels.
  struct PNGCase: Sendable, CustomTestStringConvertible {
    var name: String
    var header: PNGHeader
    var file: [UInt8]
    var expected: [ImageChannels: [UInt8]]
    var testDescription: String { name }
  }

  /// An image and the same image in another size.
  struct ResizeCase: Sendable, CustomTestStringConvertible {
    var name: String
    var interpolation: Interpolation
    var source: Image
    var target: Image
    var testDescription: String { name }
  }

  /// A box of an image that was decoded at so many eighths of its size, resized.
  struct BoxCase: Sendable, CustomTestStringConvertible {
    var resize: ResizeCase
    var eighths: Int
    /// Of the image, and of the box in it, as it is stored.
    var width: Int
    var height: Int
    var box: PixelBox
    var testDescription: String { resize.name }
  }

  /// The PNG of that name.
  func png(_ name: String) -> PNGCase {
    pngs.first { $0.name == name }!
  }

  private init() {
    let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil)!
    let bytes = [UInt8](try! Data(contentsOf: folder.appendingPathComponent("corpus.bin")))
    let index = try! JSONDecoder().decode(
      Index.self, from: Data(contentsOf: folder.appendingPathComponent("index.json")))
    func slice(_ range: [Int]) -> [UInt8] { Array(bytes[range[0]..<(range[0] + range[1])]) }

    pngs = index.png.map { entry in
      PNGCase(
        name: entry.name,
        header: PNGHeader(
          width: entry.width, height: entry.height, bitDepth: entry.depth,
          colorType: PNGHeader.ColorType(rawValue: entry.color)!, isInterlaced: entry.interlaced),
        file: slice(entry.file),
        expected: [.gray: slice(entry.gray), .rgb: slice(entry.rgb), .rgba: slice(entry.rgba)])
    }
    func resize(_ entry: ResizeEntry) -> ResizeCase {
      let channels: ImageChannels = entry.mode == "L" ? .gray : entry.mode == "RGB" ? .rgb : .rgba
      return ResizeCase(
        name: entry.name, interpolation: entry.interpolation,
        source: Image(
          width: entry.sourceWidth, height: entry.sourceHeight, channels: channels, pixels: slice(entry.source)),
        target: Image(width: entry.width, height: entry.height, channels: channels, pixels: slice(entry.target)))
    }
    resizes = index.resize.map(resize)
    boxes = index.box.map { entry in
      let box = entry.box!
      return BoxCase(
        resize: resize(entry), eighths: entry.eighths!, width: entry.fullWidth!, height: entry.fullHeight!,
        box: PixelBox(x: box[0], y: box[1], width: box[2], height: box[3]))
    }
  }

  private struct Index: Decodable {
    var png: [PNGEntry]
    var resize: [ResizeEntry]
    var box: [ResizeEntry]
  }

  private struct PNGEntry: Decodable {
    var name: String
    var file: [Int]
    var width: Int
    var height: Int
    var depth: Int
    var color: UInt8
    var interlaced: Bool
    var gray: [Int]
    var rgb: [Int]
    var rgba: [Int]

    // The index names Pillow's modes.
    private enum CodingKeys: String, CodingKey {
      case name, file, width, height, depth, color, interlaced
      case gray = "L"
      case rgb = "RGB"
      case rgba = "RGBA"
    }
  }

  private struct ResizeEntry: Decodable {
    var name: String
    var mode: String
    var interpolation: Interpolation
    var sourceWidth: Int
    var sourceHeight: Int
    var source: [Int]
    var width: Int
    var height: Int
    var target: [Int]
    // Of boxes only.
    var eighths: Int?
    var fullWidth: Int?
    var fullHeight: Int?
    var box: [Int]?
  }
}
