/// Writes PNG files that Headrace's encoder cannot: with a palette, and with headers that lie.
///
/// See the PNG specification, third edition, sections 5 and 11, and RFC 1950 and 1951 for stored blocks.
enum PalettePNG {
  static let colorCount = 11

  /// Color `index` of the palette.
  static func color(_ index: Int) -> [UInt8] {
    [UInt8(index * 23), UInt8(255 - index * 7), UInt8((index * 89) % 256)]
  }

  /// An image of 8-bit palette indices; each color must be one of the palette's.
  static func encode(width: Int, height: Int, _ colors: [[UInt8]]) -> [UInt8] {
    let palette = (0..<colorCount).map(color)
    var lines: [UInt8] = []
    for y in 0..<height {
      lines.append(0)
      lines += colors[(y * width)..<((y + 1) * width)].map { UInt8(palette.firstIndex(of: $0)!) }
    }
    return header(width: width, height: height, colorType: 3) + chunk("PLTE", palette.flatMap { $0 })
      + chunk("IDAT", stored(lines)) + chunk("IEND", [])
  }

  /// Signature and IHDR, all that says how large an image is.
  static func header(width: Int, height: Int, colorType: UInt8 = 2) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", bigEndian(width) + bigEndian(height) + [8, colorType, 0, 0, 0])
  }

  static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(data.count) + body + bigEndian(Int(crc(body)))
  }

  /// A zlib stream of one stored block.
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    let count = UInt16(data.count)
    let length = [UInt8(count & 255), UInt8(count >> 8)]
    var (a, b) = (1, 0)
    for byte in data {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return [0x78, 0x01, 1] + length + length.map { ~$0 } + data + bigEndian(b << 16 | a)
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~crc
  }
}
