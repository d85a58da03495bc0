import HeadraceSystem

/// Where a request, and after it the answer, lies: memory that is read and written by system calls, so that it grows
/// with what is largest and nobody has to map it anew.
final class DeskFile: Sendable {
  private let file: GrowingMemoryFile

  init() throws(Errno) { file = try GrowingMemoryFile(name: "headrace-desk") }

  /// Returns false if there is no memory for it.
  func write(_ bytes: [UInt8]) -> Bool {
    unsafe bytes.withUnsafeBytes { unsafe file.write($0, at: 0) }
  }

  /// Nil if there are not so many bytes.
  func read(_ byteCount: Int) -> [UInt8]? {
    var isRead = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      isRead = unsafe file.read(UnsafeMutableRawBufferPointer(buffer), at: 0)
      count = isRead ? byteCount : 0
    }
    return isRead ? bytes : nil
  }
}
