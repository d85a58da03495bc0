/// Memory of a WebP decode that the next one uses again.
final class WebPScratch: ReusableMemory, @unchecked Sendable {
  /// 32 MiB, an image of 3344x3344 RGB.
  private static let pool = ReusePool<WebPScratch>(mostKept: 32 << 20)

  /// The box with margins, or in another format, as libwebp writes it.
  var margins = ScratchBuffer()

  var byteCount: Int { margins.capacity }

  func release() { margins.release() }

  /// Calls `body` with a scratch that nobody else has meanwhile.
  static func with<Result, Failure: Error>(_ body: (WebPScratch) throws(Failure) -> Result) throws(Failure) -> Result {
    let scratch = pool.take() ?? WebPScratch()
    defer { pool.put(scratch) }
    return try body(scratch)
  }
}
