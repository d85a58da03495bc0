/// What is fed with hostile bytes: by libFuzzer (`make fuzz`), and by a test with the files of the corpora.
///
/// The raw value is the name of the corpus.
public enum FuzzTarget: String, Sendable, CaseIterable {
  /// PNG files, on the fast path and by libpng.
  case png
  /// JPEG files, whole, in boxes and scaled.
  case jpeg
  /// WebP files, whole and in boxes.
  case webp
  /// Blocks of deflate, as they are in PNG files, without header and checksum.
  case deflate
  /// Tar files, plain or in zstd frames.
  case shard

  /// Reads the bytes in every way that there is, and compares the ways.
  ///
  /// - Throws: where two ways differ, or an error is none that such bytes may have. Anything else is an end of the
  ///   process, or one that never comes: for who runs this to find out.
  public func run(_ bytes: [UInt8]) throws(FuzzFinding) {
    switch self {
    case .png: try PNGFuzz.run(bytes)
    case .jpeg: try JPEGFuzz.run(bytes)
    case .webp: try WebPFuzz.run(bytes)
    case .deflate: try DeflateFuzz.run(bytes)
    case .shard: try ShardFuzz.run(bytes)
    }
  }
}
