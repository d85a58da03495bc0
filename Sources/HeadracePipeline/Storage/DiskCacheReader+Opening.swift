import HeadraceCore

// What is looked at before a cache counts as one.

extension DiskCacheReader {
  private typealias Layout = DiskCacheLayout

  /// Looks at the first bytes. Returns where the records begin.
  static func check(_ header: [UInt8], _ path: String, _ size: Int) throws(HeadraceError) -> Int {
    let least = Layout.Header.byteCount + Layout.Trailer.byteCount
    var magic: [UInt8] = []
    Layout.Header.magicNumber.store(into: &magic)
    guard magic.starts(with: header.prefix(magic.count)) else {
      throw HeadraceError(
        .invalidArgument,
        "\(path) is no cache, as its first bytes say; give the cache another path, or delete that file.")
    }
    guard size >= least else {
      throw .damagedCache(path, at: size, "the file ends here, and the smallest cache has \(least) bytes")
    }
    let version = Layout.Header.version.read(header.span)
    guard version == Layout.version else {
      throw .damagedCache(
        path, at: Layout.Header.version.offset,
        "the cache is of version \(version), and this program reads version \(Layout.version)")
    }
    let byteCount = Layout.Header.fingerprintByteCount.read(header.span)
    let end = Layout.aligned(Layout.Header.byteCount + Int(byteCount))
    guard byteCount <= UInt64(Layout.maximumFingerprintByteCount), end <= size - Layout.Trailer.byteCount else {
      throw .damagedCache(
        path, at: Layout.Header.fingerprintByteCount.offset, "a fingerprint of \(byteCount) bytes in a file of \(size)")
    }
    return end
  }

  /// Compares header and fingerprint with their checksum and with what is wanted. Returns the checksum.
  static func check(_ header: [UInt8], _ path: String, _ fingerprint: String) throws(HeadraceError) -> UInt64 {
    var blank = header
    Layout.Header.checksum.write(0, into: &blank)
    let checksum = Layout.Header.checksum.read(header.span)
    guard XXH64.checksum(blank.span) == checksum else {
      throw .damagedCache(path, at: 0, "the header differs from its checksum")
    }
    let byteCount = Int(Layout.Header.fingerprintByteCount.read(header.span))
    let found = String(decoding: header[Layout.Header.byteCount...].prefix(byteCount), as: UTF8.self)
    guard found.utf8.elementsEqual(fingerprint.utf8) else {
      let (one, other) = differing(found, fingerprint)
      throw HeadraceError(
        .invalidArgument,
        "Cache \(path) holds the samples of another pipeline; delete \(path), or give this pipeline another path. It"
          + " holds: \(one). This pipeline: \(other).")
    }
    return checksum
  }

  /// Looks at the last bytes. Returns what they say: records, where the index begins, bytes of all payloads.
  static func check(
    _ trailer: [UInt8], _ path: String, _ size: Int, _ headerEnd: Int, _ headerChecksum: UInt64
  ) throws(HeadraceError) -> (count: Int, indexOffset: Int, byteCount: Int) {
    let start = size - Layout.Trailer.byteCount
    guard Layout.Trailer.magic.read(trailer.span) == Layout.Trailer.magicNumber else {
      throw .damagedCache(path, at: start, "here should be the mark of a whole cache; the file was cut or overwritten")
    }
    let checksum = XXH64.checksum(trailer.span.extracting(..<Layout.Trailer.checksum.offset))
    guard checksum == Layout.Trailer.checksum.read(trailer.span) else {
      throw .damagedCache(path, at: start, "the trailer differs from its checksum")
    }
    let count = Layout.Trailer.count.read(trailer.span)
    let indexOffset = Layout.Trailer.indexOffset.read(trailer.span)
    let byteCount = Layout.Trailer.payloadByteCount.read(trailer.span)
    // What follows the header, index and trailer left out, is what the records can have.
    let (indexByteCount, overflow) = count.multipliedReportingOverflow(by: UInt64(Layout.indexEntryByteCount))
    guard !overflow, indexByteCount <= UInt64(start - headerEnd), indexOffset == UInt64(start) - indexByteCount,
      byteCount <= indexOffset, headerChecksum == Layout.Trailer.headerChecksum.read(trailer.span)
    else {
      throw .damagedCache(
        path, at: start, "the trailer is of another file: \(count) records, their index at byte \(indexOffset)")
    }
    return (Int(count), Int(indexOffset), Int(byteCount))
  }

  /// Both texts, long ones from where they begin to differ. They have quotation marks in them, so none are around them.
  private static func differing(_ one: String, _ other: String) -> (String, String) {
    let same = zip(one, other).prefix { $0 == $1 }.count
    func excerpt(_ text: String) -> String {
      let start = text.count > 160 ? max(0, same - 40) : 0
      let part = text.dropFirst(start)
      return "\(start > 0 ? "..." : "")\(part.prefix(160))\(part.count > 160 ? "..." : "")"
    }
    return (excerpt(one), excerpt(other))
  }
}
