/// How the bytes of a shard are stored.
public enum ShardCompression: Sendable, Hashable {
  /// Plain tar.
  case none
  /// One zstd frame with a checksum of the contents. Levels are those of libzstd: 3 is usual, 19 and more is slow.
  case zstd(level: Int)

  /// Which compression it is, without what matters for writing alone.
  public enum Kind: String, Sendable, Hashable {
    /// Plain tar: the file is the stream.
    case none
    /// One or more zstd frames (RFC 8878), of any level.
    case zstd
  }
}
