import Synchronization

/// Memory of a decode that the next one uses again. There are as many as decodes have run at once.
///
/// A thread takes one, works alone with it, and puts it back.
@safe
final class WebPScratch: @unchecked Sendable {
  private static let unused = Mutex<[WebPScratch]>([])

  /// The box, on its way to whoever asked for its rows.
  var pixels = ReusedBuffer()
  /// The box with margins, or in another format, as libwebp writes it.
  var margins = ReusedBuffer()

  /// Calls `body` with a scratch that nobody else has meanwhile.
  static func with<Result, Failure: Error>(_ body: (WebPScratch) throws(Failure) -> Result) throws(Failure) -> Result {
    let scratch = unused.withLock { $0.popLast() } ?? WebPScratch()
    defer {
      scratch.pixels.shrink()
      scratch.margins.shrink()
      unused.withLock { $0.append(scratch) }
    }
    return try body(scratch)
  }
}
