import Headrace

/// An image whose pixels are known without decoding anything: how it is stored, and what must be read from it.
struct TestImage: Sendable {
  /// How the PNG file stores it.
  enum Storage: CaseIterable, Sendable { case gray, rgb, rgba, palette }

  let width: Int
  let height: Int
  let storage: Storage
  /// Red, green, blue and alpha of each pixel.
  private let colors: [[UInt8]]

  /// Pixels follow from `seed` alone.
  init(width: Int, height: Int, storage: Storage, seed: Int) {
    self.width = width
    self.height = height
    self.storage = storage
    var state = UInt32(truncatingIfNeeded: seed &* 2_654_435_761) | 1
    func byte() -> UInt8 {
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      return UInt8(truncatingIfNeeded: state >> 8)
    }
    colors = (0..<(width * height)).map { _ in
      switch storage {
      case .gray:
        let gray = byte()
        return [gray, gray, gray, 255]
      case .rgb: return [byte(), byte(), byte(), 255]
      case .rgba: return [byte(), byte(), byte(), byte()]
      case .palette: return PalettePNG.color(Int(byte()) % PalettePNG.colorCount) + [255]
      }
    }
  }

  /// The bytes that Pillow's `convert` gives for these colors.
  func pixels(_ channels: ImageChannels) -> [UInt8] {
    switch channels {
    case .gray:
      colors.map { (color: [UInt8]) -> UInt8 in
        let sum: Int = zip(color, [19595, 38470, 7471]).reduce(32768) { $0 + Int($1.0) * $1.1 }
        return UInt8(sum >> 16)
      }
    case .rgb: colors.flatMap { $0.prefix(3) }
    case .rgba: colors.flatMap { $0 }
    }
  }

  /// The file.
  func png() throws -> [UInt8] {
    let channels: ImageChannels =
      switch storage {
      case .gray: .gray
      case .rgb: .rgb
      case .rgba: .rgba
      case .palette: .rgb
      }
    if storage == .palette {
      return PalettePNG.encode(width: width, height: height, colors.map { Array($0.prefix(3)) })
    }
    return try PNG.encode(Image(width: width, height: height, channels: channels, pixels: pixels(channels)))
  }

  /// What a batch holds when images are resized to `width` x `height`.
  func resized(width: Int, height: Int, _ channels: ImageChannels) -> [UInt8] {
    Image(width: self.width, height: self.height, channels: channels, pixels: pixels(channels))
      .resized(width: width, height: height).pixels
  }
}
