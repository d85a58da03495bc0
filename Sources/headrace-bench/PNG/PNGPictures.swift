import Headrace
import HeadraceSystem

/// PNG files of one kind, in memory.
struct PNGPictures {
  /// What they are, for people and as a key: `256x256 rgb`, or `folder`.
  let name: String
  let files: [[UInt8]]
  /// What is to be reached, as a multiple of libpng's rate.
  var leastRatio = 1.5
  /// What is to be reached, as a share of libdeflate alone.
  var leastShare: Double?

  /// Pictures that the bench makes: sizes and formats of training sets. libpng chooses each row's filter, but leaves
  /// palettes unfiltered, as other encoders do.
  static func made() throws -> [PNGPictures] {
    [
      try make("32x32 rgb", 32, 32, .rgb, count: 256),
      PNGPictures(
        name: "256x256 rgb", files: try make("", 256, 256, .rgb, count: 24).files, leastRatio: 2.8, leastShare: 0.7),
      try make("1024x768 rgb", 1024, 768, .rgb, count: 4),
      try make("256x256 rgba", 256, 256, .rgba, count: 24),
      try make("256x256 gray", 256, 256, .gray, count: 24),
      PNGPictures(name: "256x256 palette", files: try (0..<24).map { try palette($0, width: 256, height: 256) }),
    ]
  }

  /// All PNG files in a folder and the folders in it.
  static func read(_ folder: String) throws -> PNGPictures {
    var reader = try FolderSource(folder, extensions: ["png"]).makeReader(epoch: 0)
    var files: [[UInt8]] = []
    while let record = reader.next() { files.append(try record.bytes("png")) }
    return PNGPictures(name: "folder", files: files)
  }

  private static func make(
    _ name: String, _ width: Int, _ height: Int, _ channels: ImageChannels, count: Int
  ) throws -> PNGPictures {
    let files = try (0..<count).map { number in
      let pixels = PhotoPixels(number: number).make(width: width, height: height, channels: channels.rawValue)
      return try PNG.encode(Image(width: width, height: height, channels: channels, pixels: pixels))
    }
    return PNGPictures(name: name, files: files)
  }

  /// A photograph in 252 colors: 6 levels of red, 7 of green, 6 of blue.
  private static func palette(_ number: Int, width: Int, height: Int) throws -> [UInt8] {
    var colors: [UInt8] = []
    for red in 0..<6 {
      for green in 0..<7 {
        for blue in 0..<6 { colors += [UInt8(red * 51), UInt8(green * 42), UInt8(blue * 51)] }
      }
    }
    let pixels = PhotoPixels(number: number).make(width: width, height: height, channels: 3)
    let indices = stride(from: 0, to: pixels.count, by: 3).map { (at: Int) -> UInt8 in
      let (red, green, blue) = (pixels[at] / 43, pixels[at + 1] / 37, pixels[at + 2] / 43)
      return red * 42 + green * 6 + blue
    }
    return try PNG.encode(
      Image(width: width, height: height, channels: .gray, pixels: indices), palette: colors, compression: 6)
  }
}
