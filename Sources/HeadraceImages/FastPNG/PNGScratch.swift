import CHeadracePNG
import Synchronization

/// What a decode on the fast path needs beside the pixels: an inflater, and memory that the next decode uses again.
///
/// There are as many as decodes have run at once. A thread takes one, works alone with it, and puts it back.
@safe
final class PNGScratch: @unchecked Sendable {
  private static let unused = Mutex<[PNGScratch]>([])
  /// Memory beyond that is given back after the decode that needed it: 64 MiB, an image of 4096x4096 RGB.
  private static let mostKept = 64 << 20

  let inflater: Inflater
  /// The image as inflated: of each row a filter type, then filtered bytes.
  var inflated = unsafe headrace_png_buffer()
  /// IDAT chunks of a file that has more than one.
  var gathered = unsafe headrace_png_buffer()
  /// Unfiltered rows on their way to another pixel format.
  var rows = unsafe headrace_png_buffer()

  private init?() {
    guard let inflater = Inflater() else { return nil }
    self.inflater = inflater
  }

  deinit { release() }

  /// Calls `body` with a scratch that nobody else has meanwhile; nil where there is no memory for another one.
  static func with<Result>(_ body: (PNGScratch) -> Result) -> Result? {
    guard let scratch = unused.withLock({ $0.popLast() }) ?? PNGScratch() else { return nil }
    defer {
      let kept = unsafe scratch.inflated.capacity + scratch.gathered.capacity + scratch.rows.capacity
      if kept > mostKept { scratch.release() }
      unused.withLock { $0.append(scratch) }
    }
    return body(scratch)
  }

  private func release() {
    unsafe headrace_png_release(&inflated)
    unsafe headrace_png_release(&gathered)
    unsafe headrace_png_release(&rows)
  }
}
