import CHeadracePNG
import HeadraceCore

/// Memory whose contents do not outlast a decode, and that is kept for the next.
@safe
struct ReusedBuffer: ~Copyable {
  /// Memory beyond that is given back after the decode that needed it: 32 MiB, an image of 3344x3344 RGB.
  private static let mostKept = 32 << 20

  private var buffer = unsafe headrace_png_buffer()

  deinit {
    var buffer = unsafe buffer
    unsafe headrace_png_release(&buffer)
  }

  /// Makes room for `count` bytes, whose contents are unspecified.
  ///
  /// - Throws: `outOfMemory`.
  mutating func reserve(_ count: Int) throws(HeadraceError) -> UnsafeMutableBufferPointer<UInt8> {
    guard unsafe headrace_png_reserve(&buffer, count) else {
      throw HeadraceError(.outOfMemory, "No memory for \(count) bytes of pixels; lower the stage's concurrency.")
    }
    return unsafe UnsafeMutableBufferPointer(start: buffer.bytes, count: count)
  }

  /// Gives the memory back if it is more than is kept.
  mutating func shrink() {
    if unsafe buffer.capacity > Self.mostKept { unsafe headrace_png_release(&buffer) }
  }
}
