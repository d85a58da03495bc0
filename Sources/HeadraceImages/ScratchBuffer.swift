import CHeadracePNG
import HeadraceCore

/// Memory for pixels on their way from a file to where they belong: it grows, is used again, and is never cleared.
@safe
struct ScratchBuffer: ~Copyable {
  private var memory = unsafe headrace_png_buffer()

  deinit {
    var memory = unsafe memory
    unsafe headrace_png_release(&memory)
  }

  /// Bytes that there is room for.
  var capacity: Int { unsafe memory.capacity }

  /// Makes room for `count` bytes; what was in it is lost where it has to grow.
  ///
  /// - Throws: `outOfMemory`.
  mutating func reserve(_ count: Int) throws(HeadraceError) {
    guard makeRoom(for: count) else {
      throw HeadraceError(
        .outOfMemory, "No memory for \(HumanUnits.bytes(count)) of pixels; lower the stage's concurrency.")
    }
  }

  /// Makes room for `count` bytes as `reserve(_:)` does; returns whether there is memory for them.
  mutating func makeRoom(for count: Int) -> Bool {
    // A little more, so that images whose sizes vary soon need no more.
    unsafe count <= capacity || headrace_png_reserve(&memory, count + count / 8 + 64)
  }

  /// Gives all memory back.
  mutating func release() {
    unsafe headrace_png_release(&memory)
  }

  /// Where the bytes are, until room is made for more; nil where there are none.
  var start: UnsafeMutablePointer<UInt8>? { unsafe memory.bytes }

  /// The first bytes. What nobody has written is of an earlier image.
  @_lifetime(borrow self)
  func span(_ count: Int) -> Span<UInt8> {
    precondition(count <= capacity, "\(count) bytes of \(capacity)")
    let span = unsafe Span<UInt8>(_unsafeStart: memory.bytes ?? Self.nowhere, count: count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The first bytes, for writing.
  @_lifetime(&self)
  mutating func mutableSpan(_ count: Int) -> MutableSpan<UInt8> {
    precondition(count <= capacity, "\(count) bytes of \(capacity)")
    let span = unsafe MutableSpan<UInt8>(_unsafeStart: memory.bytes ?? Self.nowhere, count: count)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  /// Where no bytes are.
  private static var nowhere: UnsafeMutablePointer<UInt8> { unsafe UnsafeMutablePointer(bitPattern: 1)! }
}
