/// Where the parts of a PNG file lie, if it is of the common kinds and nothing about it is strange.
///
/// Common is: 8 bits a sample, not interlaced. Strange is whatever libpng would refuse, warn of, or have an opinion on:
/// a checksum that is wrong, where it counts; an unknown critical chunk; chunks twice or out of place; a palette of
/// another color type's. libpng is asked then, so that there is one judge.
struct PNGLayout {
  /// Data of the PLTE chunk; empty where there is none.
  private(set) var palette = 0..<0
  /// Data of the tRNS chunk, where alpha was asked for; empty where there is none.
  private(set) var transparency = 0..<0
  /// From the first IDAT chunk's length to the last one's checksum: one behind the other, and nothing between them.
  private(set) var dataChunks = 0..<0
  /// Bytes in all IDAT chunks.
  private(set) var dataCount = 0
  /// Data of the only IDAT chunk; nil where there are more.
  private(set) var onlyData: Range<Int>?

  /// Looks at all chunks after IHDR, which `header` is from.
  ///
  /// Checksums of the chunks that are used are compared. Ancillary chunks are skipped unseen, as libpng does, which
  /// ignores them whether or not their checksum is right; so is tRNS, unless alpha is asked for.
  ///
  /// - Complexity: O(bytes).
  init?(_ bytes: Span<UInt8>, _ header: PNGHeader, _ channels: ImageChannels) {
    guard header.bitDepth == 8, !header.isInterlaced else { return nil }
    var at = 33
    while true {
      guard let chunk = PNGChunk(bytes, at: at) else { return nil }
      at = chunk.end
      switch chunk.kind {
      case .data:
        guard addData(chunk), chunk.isIntact(in: bytes) else { return nil }
      case .palette:
        guard header.colorType == .palette, palette.isEmpty, transparency.isEmpty, dataChunks.isEmpty,
          chunk.data.count % 3 == 0, (3...768).contains(chunk.data.count), chunk.isIntact(in: bytes)
        else { return nil }
        palette = chunk.data
      case .transparency where channels == .rgba:
        guard transparency.isEmpty, dataChunks.isEmpty, allows(chunk.data.count, header), chunk.isIntact(in: bytes)
        else { return nil }
        transparency = chunk.data
      case .end:
        guard chunk.data.isEmpty, !dataChunks.isEmpty, chunk.isIntact(in: bytes),
          palette.isEmpty == (header.colorType != .palette)
        else { return nil }
        return
      default:
        guard chunk.kind.isAncillary else { return nil }
      }
    }
  }

  /// Copies the data of all IDAT chunks, `dataCount` bytes, one behind the other.
  func gather(_ bytes: Span<UInt8>, into stream: UnsafeMutableRawBufferPointer) {
    var at = dataChunks.lowerBound
    var filled = 0
    while at < dataChunks.upperBound, let chunk = PNGChunk(bytes, at: at) {
      // Whatever else can write to the file's bytes meanwhile.
      guard chunk.data.count <= stream.count - filled else { return }
      unsafe bytes.extracting(chunk.data).withUnsafeBytes { data in
        unsafe UnsafeMutableRawBufferPointer(rebasing: stream[filled...]).copyMemory(from: data)
      }
      filled += chunk.data.count
      at = chunk.end
    }
  }

  private mutating func addData(_ chunk: PNGChunk) -> Bool {
    let start = chunk.data.lowerBound - 8
    if dataChunks.isEmpty {
      dataChunks = start..<chunk.end
      onlyData = chunk.data
    } else {
      guard start == dataChunks.upperBound else { return false }
      dataChunks = dataChunks.lowerBound..<chunk.end
      onlyData = nil
    }
    dataCount += chunk.data.count
    return true
  }

  /// Whether a tRNS chunk of that size fits. https://www.w3.org/TR/png-3/#11tRNS
  private func allows(_ transparencyCount: Int, _ header: PNGHeader) -> Bool {
    switch header.colorType {
    case .gray: transparencyCount == 2
    case .rgb: transparencyCount == 6
    case .palette: (1...256).contains(transparencyCount) && transparencyCount <= palette.count / 3
    case .grayAlpha, .rgba: false
    }
  }
}
