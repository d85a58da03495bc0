import CZstd
import HeadraceCore
import HeadraceSystem

/// Owns libzstd's compression context for one frame. The same bytes in give the same bytes out.
@safe
struct ZstdEncoder: ~Copyable {
  /// The levels that libzstd knows: negative ones are faster, the largest is 22.
  static var levels: ClosedRange<Int> { Int(ZSTD_minCLevel())...Int(ZSTD_maxCLevel()) }

  private let context: OpaquePointer
  private var output: [UInt8] = []

  /// - Parameter level: One of `levels`.
  init(level: Int) throws(HeadraceError) {
    guard let context = unsafe ZSTD_createCCtx() else {
      throw HeadraceError(.outOfMemory, "No memory for a zstd encoder; lower the level or free memory.")
    }
    let results = unsafe [
      ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level)),
      ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1),
    ]
    precondition(results.allSatisfy { ZSTD_isError($0) == 0 }, "libzstd takes no level \(level)")
    unsafe self.context = unsafe context
    output.reserveCapacity(ZSTD_CStreamOutSize())
  }

  deinit { _ = unsafe ZSTD_freeCCtx(context) }

  /// Compresses `input` and writes the bytes that come out, piece by piece.
  ///
  /// - Parameter isLast: Ends the frame, with a checksum of the contents.
  mutating func encode(
    _ input: Span<UInt8>, isLast: Bool, to file: borrowing File
  ) throws(HeadraceError) {
    var position = 0
    while true {
      let rest = input.extracting(position...)
      var consumed = 0
      var result = 0
      output.removeAll(keepingCapacity: true)
      output.append(addingCapacity: ZSTD_CStreamOutSize()) { piece in
        unsafe piece.withUnsafeMutableBufferPointer { buffer, count in
          unsafe rest.withUnsafeBytes { rest in
            var from = unsafe ZSTD_inBuffer(src: rest.baseAddress, size: rest.count, pos: 0)
            var to = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            result = unsafe ZSTD_compressStream2(context, &to, &from, isLast ? ZSTD_e_end : ZSTD_e_continue)
            consumed = unsafe from.pos
            count = unsafe to.pos
          }
        }
      }
      try Self.check(result)
      position += consumed
      if !output.isEmpty { try file.append(output.span) }
      if isLast ? result == 0 : position == input.count { return }
    }
  }

  private static func check(_ result: Int) throws(HeadraceError) {
    guard ZSTD_isError(result) != 0 else { return }
    let name = unsafe String(cString: ZSTD_getErrorName(result))
    throw HeadraceError(.inputOutput, "Compressing with zstd failed: \(name); try another level.")
  }
}
