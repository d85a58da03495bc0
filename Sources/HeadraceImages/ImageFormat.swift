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
    guard let format = Self.allCases.first(where: { $0.begins(bytes) && bytes.count >= $0.signature.count }) else {
      return nil
    }
    self = format
  }

  /// Whether the bytes are too few to tell a format, and could be the first of a file of one.
  static func isCut(_ bytes: Span<UInt8>) -> Bool {
    allCases.contains { $0.begins(bytes) && bytes.count < $0.signature.count }
  }

  /// Whether the bytes, as far as there are so many, are those that a file of the format starts with.
  private func begins(_ bytes: Span<UInt8>) -> Bool {
    (0..<min(bytes.count, signature.count)).allSatisfy { signature[$0] == nil || signature[$0] == bytes[$0] }
  }

  /// The first bytes of a file; nil for any.
  private var signature: [UInt8?] {
    switch self {
    case .png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    case .jpeg: [0xff, 0xd8, 0xff]
    // RIFF, the size of the file, WEBP.
    case .webp: [0x52, 0x49, 0x46, 0x46, nil, nil, nil, nil, 0x57, 0x45, 0x42, 0x50]
    }
  }
}
