/// Names what a file is by its first bytes, for messages about files that are not shards.
enum FileSignature {
  private static let known: [(prefix: [UInt8], name: String)] = [
    ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image"),
    ([0x1F, 0x8B], "gzip data (use zstd or no compression)"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz data (use zstd or no compression)"),
    ([0x42, 0x5A, 0x68], "bzip2 data (use zstd or no compression)"),
    ([0x04, 0x22, 0x4D, 0x18], "lz4 data (use zstd or no compression)"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip file"),
    ([0x28, 0xB5, 0x2F], "a zstd frame that is cut short"),
  ]

  /// Such as `a PNG image`; nil for what is not known.
  static func name(of bytes: Span<UInt8>) -> String? {
    for (prefix, name) in known where starts(bytes, with: prefix) { return name }
    var isText = bytes.count > 0
    for index in bytes.indices where isText {
      isText = bytes[index] >= 0x20 || (0x09...0x0D).contains(bytes[index])
    }
    return isText ? "a text file" : nil
  }

  private static func starts(_ bytes: Span<UInt8>, with prefix: [UInt8]) -> Bool {
    guard bytes.count >= prefix.count else { return false }
    for index in prefix.indices where bytes[index] != prefix[index] { return false }
    return true
  }
}
