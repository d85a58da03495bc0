/// How the bytes of a shard are stored.
public enum ShardCompression: Sendable, Hashable {
  /// Plain tar, not compressed.
  case plain
  /// One zstd frame with a checksum of the contents. Levels are those of libzstd: 3 is usual, 19 and more is slow.
  case zstd(level: Int)

  /// Which compression a shard has, without what matters for writing alone.
  public enum Kind: Sendable, Hashable {
    /// Plain tar: the file is the stream.
    case plain
    /// One or more zstd frames (RFC 8878), of any level.
    case zstd
  }
}

extension ShardCompression.Kind: CustomStringConvertible {
  /// The name of the compression, `none` or `zstd`, as `headrace inspect` shows it.
  public var description: String {
    switch self {
    case .plain: "none"
    case .zstd: "zstd"
    }
  }
}
