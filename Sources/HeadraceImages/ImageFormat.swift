/// The file formats that are decoded.
public enum ImageFormat: String, Hashable, Sendable, CaseIterable {
  /// https://www.w3.org/TR/png-3/
  case png
  /// ITU-T T.81.
  case jpeg
  /// https://developers.google.com/speed/webp/docs/riff_container
  case webp

  /// The format of a file by its first bytes; nil where they are those of none. The file's name does not count.
  public init?(_ bytes: Span<UInt8>) {
    /// Whether the bytes from `start` on are those of a number, the highest first.
    func has(_ signature: UInt64, _ count: Int, at start: Int = 0) -> Bool {
      bytes.count >= start + count
        && (0..<count).reduce(0 as UInt64) { $0 << 8 | UInt64(bytes[start + $1]) } == signature
    }
    if has(0xff_d8ff, 3) {
      self = .jpeg
    } else if has(0x8950_4e47_0d0a_1a0a, 8) {
      self = .png
    } else if has(0x5249_4646, 4), has(0x5745_4250, 4, at: 8) {  // RIFF, WEBP
      self = .webp
    } else {
      return nil
    }
  }
}
