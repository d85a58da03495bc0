import HeadraceImages
import HeadraceTestSupport

/// Makes PNG files of 8-bit samples from rows as they are after filtering: any bytes are some image.
///
/// Rows are stored, not compressed (RFC 1951, section 3.2.4), so that a test decides about every byte of the stream.
struct FilteredFile {
  var width: Int
  var height: Int
  var colorType: PNGHeader.ColorType
  /// Filter types of the rows, again from the first if there are fewer than rows.
  var filters: [UInt8] = [0, 1, 2, 3, 4]
  /// PLTE, three bytes a color.
  var palette: [UInt8] = []
  /// tRNS.
  var transparency: [UInt8] = []
  /// Bytes of each IDAT chunk.
  var chunkBytes = Int.max
  /// The logarithm of the window's size that the stream announces, 8 to 15.
  var windowBits = 15
  /// What comes behind the stream, in the last IDAT chunk.
  var trailer: [UInt8] = []
  /// Whether the Adler-32 is the one of other rows.
  var hasWrongAdler = false

  /// Bytes of a pixel.
  var pixelBytes: Int {
    switch colorType {
    case .gray, .palette: 1
    case .grayAlpha: 2
    case .rgb: 3
    case .rgba: 4
    }
  }

  /// The file, whose rows come from a generator of that seed.
  func bytes(seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    var rows: [UInt8] = []
    for y in 0..<height {
      rows.append(filters[y % filters.count])
      for _ in 0..<(width * pixelBytes) {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        // Small steps in some rows and any in others: Paeth then meets ties as well as overflows.
        rows.append(UInt8(truncatingIfNeeded: y % 3 == 0 ? state >> 32 : state >> 32 & 3))
      }
    }
    return file(stream: stream(of: rows))
  }

  /// The file with that zlib stream.
  func file(stream: [UInt8]) -> [UInt8] {
    var file = PNGChunks.header(width: UInt32(width), height: UInt32(height), color: colorType.rawValue)
    if !palette.isEmpty { file += PNGChunks.chunk("PLTE", palette) }
    if !transparency.isEmpty { file += PNGChunks.chunk("tRNS", transparency) }
    var rest = (stream + trailer)[...]
    while !rest.isEmpty {
      let count = min(chunkBytes, rest.count)
      file += PNGChunks.chunk("IDAT", Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return file + PNGChunks.chunk("IEND", [])
  }

  private func stream(of rows: [UInt8]) -> [UInt8] {
    let method = UInt8((windowBits - 8) << 4 | 8)
    // The two bytes are a multiple of 31. See RFC 1950, section 2.2.
    var stream = [method, UInt8((31 - Int(method) * 256 % 31) % 31)]
    var rest = rows[...]
    repeat {
      let part = rest.prefix(65_535)
      rest = rest.dropFirst(65_535)
      let count = UInt16(part.count)
      stream += [rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
      stream += part
    } while !rest.isEmpty
    return stream + PNGChunks.bytes(adler(rows) &+ (hasWrongAdler ? 1 : 0))
  }

  /// See RFC 1950, section 8.2.
  private func adler(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }
}
