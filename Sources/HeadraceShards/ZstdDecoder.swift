import CZstd
import HeadraceCore

/// Owns libzstd's decompression context, which is made once and serves shard after shard.
@safe
struct ZstdDecoder: ~Copyable {
  /// Why libzstd gave up.
  enum Failure: Error {
    case windowTooLarge
    case outOfMemory
    /// The stream breaks the format; libzstd's words for it.
    case malformed(String)
  }

  private let context: OpaquePointer

  /// True inside a frame: the end of the input would be too early here.
  private(set) var isInFrame = false

  /// - Parameter windowLog: Largest window, as a base-2 logarithm of bytes.
  init(windowLog: Int) throws(Failure) {
    guard let context = unsafe ZSTD_createDCtx() else { throw .outOfMemory }
    let result = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(windowLog))
    precondition(ZSTD_isError(result) == 0, "libzstd takes no window of 2^\(windowLog) bytes")
    unsafe self.context = unsafe context
  }

  deinit { _ = unsafe ZSTD_freeDCtx(context) }

  /// Forgets what was begun, ready for another stream.
  mutating func reset() {
    _ = unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    isInFrame = false
  }

  /// Appends what `input` decodes to, as far as `output` has room, and returns the bytes of `input` that are done.
  ///
  /// Frames may follow each other, and skippable frames are skipped (RFC 8878, section 3.1). With an empty `input`
  /// it hands out what an earlier call had no room for.
  mutating func decode(_ input: Span<UInt8>, into output: inout OutputSpan<UInt8>) throws(Failure) -> Int {
    // An empty call between frames would count as the begin of a frame.
    if input.isEmpty && !isInFrame { return 0 }
    var consumed = 0
    var result = 0
    unsafe output.withUnsafeMutableBufferPointer { buffer, count in
      unsafe input.withUnsafeBytes { input in
        var from = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var to = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: count)
        result = unsafe ZSTD_decompressStream(context, &to, &from)
        consumed = unsafe from.pos
        count = unsafe to.pos
      }
    }
    guard ZSTD_isError(result) == 0 else { throw Self.failure(result) }
    isInFrame = result != 0
    return consumed
  }

  private static func failure(_ result: Int) -> Failure {
    switch ZSTD_getErrorCode(result) {
    case ZSTD_error_frameParameter_windowTooLarge: .windowTooLarge
    case ZSTD_error_memory_allocation: .outOfMemory
    default: .malformed(unsafe String(cString: ZSTD_getErrorName(result)))
    }
  }
}
