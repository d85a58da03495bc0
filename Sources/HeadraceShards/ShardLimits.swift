/// How much memory one damaged or hostile file may ask for.
public struct ShardLimits: Sendable, Hashable {
  /// Bytes that all fields of one record may have, their names included; 256 MiB unless told.
  ///
  /// Checked against the size that a tar header claims, before anything is allocated for it. A file in a folder is the
  /// whole record. Several records are in flight at once, one per thread and a few between stages, so a reader may hold
  /// that many times this; 256 MiB is also what the largest image has that `DecodeLimits` lets pass.
  public var recordByteCount: Int

  /// Base-2 logarithm of the largest zstd window in bytes; 27 (128 MiB) unless told, at most 31.
  ///
  /// RFC 8878, section 3.1.1.1.2: a decoder keeps a window of decoded bytes, whose size the frame chooses.
  /// `zstd --long` writes 27, `--ultra -22` 27, `--long=31` 31.
  public var zstdWindowLog: Int

  /// Limits for one reader; those that are left out suit the data sets that are usual.
  ///
  /// - Precondition: `recordByteCount` is not negative; `zstdWindowLog` is between 10 and 31.
  public init(recordByteCount: Int = 256 << 20, zstdWindowLog: Int = 27) {
    precondition(
      recordByteCount >= 0, "ShardLimits.recordByteCount is \(recordByteCount); give a number of bytes from 0 on")
    precondition(
      (10...31).contains(zstdWindowLog), "ShardLimits.zstdWindowLog is \(zstdWindowLog); give one from 10 to 31")
    self.recordByteCount = recordByteCount
    self.zstdWindowLog = zstdWindowLog
  }
}
