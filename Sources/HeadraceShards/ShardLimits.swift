/// How much memory one damaged or hostile file may ask for.
public struct ShardLimits: Sendable, Hashable {
  /// Bytes that one field may have; 1 GiB unless told.
  ///
  /// Checked against the size that a tar header claims, before anything is allocated for it.
  public var memberSize: Int

  /// Base-2 logarithm of the largest zstd window in bytes; 27 (128 MiB) unless told, at most 31.
  ///
  /// RFC 8878, section 3.1.1.1.2: a decoder keeps a window of decoded bytes, whose size the frame chooses.
  /// `zstd --long` writes 27, `--ultra -22` 27, `--long=31` 31.
  public var zstdWindowLog: Int

  /// - Precondition: `memberSize` is not negative; `zstdWindowLog` is between 10 and 31.
  public init(memberSize: Int = 1 << 30, zstdWindowLog: Int = 27) {
    precondition(memberSize >= 0, "ShardLimits.memberSize is \(memberSize); give a number of bytes from 0 on")
    precondition(
      (10...31).contains(zstdWindowLog), "ShardLimits.zstdWindowLog is \(zstdWindowLog); give one from 10 to 31")
    self.memberSize = memberSize
    self.zstdWindowLog = zstdWindowLog
  }
}
