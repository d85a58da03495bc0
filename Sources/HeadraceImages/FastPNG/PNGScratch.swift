/// What a decode on the fast path needs beside the pixels: an inflater, and memory that the next decode uses again.
final class PNGScratch: ReusableMemory, @unchecked Sendable {
  /// 64 MiB, an image of 4096x4096 RGB.
  private static let pool = ReusePool<PNGScratch>(mostKept: 64 << 20)

  let inflater: Inflater
  /// The image as inflated: of each row a filter type, then filtered bytes.
  var inflated = ScratchBuffer()
  /// IDAT chunks of a file that has more than one.
  var gathered = ScratchBuffer()
  /// Unfiltered rows on their way to another pixel format.
  var rows = ScratchBuffer()

  private init?() {
    guard let inflater = Inflater() else { return nil }
    self.inflater = inflater
  }

  var byteCount: Int { inflated.capacity + gathered.capacity + rows.capacity }

  func release() {
    inflated.release()
    gathered.release()
    rows.release()
  }

  /// Calls `body` with a scratch that nobody else has meanwhile; nil where there is no memory for another one.
  static func with<Result>(_ body: (PNGScratch) -> Result) -> Result? {
    guard let scratch = pool.take() ?? PNGScratch() else { return nil }
    defer { pool.put(scratch) }
    return body(scratch)
  }
}
