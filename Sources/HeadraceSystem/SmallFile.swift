import Glibc

/// Reads what the kernel shows as small text files, in /proc and /sys.
public enum SmallFile {
  /// Longer texts are cut here.
  private static let byteLimit = 65_536

  /// The whole text, up to 64 KiB; nil if it cannot be read.
  public static func read(_ path: String) -> String? {
    var buffer: [UInt8] = []
    guard let count = try? read(path, into: &buffer) else { return nil }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// Writes all of a text into a file that is there. Returns false where the kernel does not take it.
  package static func write(_ text: String, to path: String) -> Bool { (try? set(path, to: text)) != nil }

  /// Writes all of a text into a file that is there, in one call.
  ///
  /// - Throws: The error of the call that failed, with the path, as in `read`.
  static func set(_ path: String, to text: String) throws(Errno) {
    do {
      let file = FileDescriptor(
        owning: try retryingOnInterrupt("open") { unsafe open(path, O_WRONLY | O_CLOEXEC) })
      let bytes = Array(text.utf8)
      _ = try retryingOnInterrupt("write") {
        unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file.number, $0.baseAddress!, $0.count) }
      }
    } catch {
      throw Errno("\(error.call) \(path)", code: error.code)
    }
  }

  /// Reads the text into the front of `buffer`, which grows if it must, up to 64 KiB. For who reads often: no
  /// allocation once the buffer is large enough.
  ///
  /// - Returns: Bytes of the text; what lies behind them in the buffer is not part of it.
  /// - Throws: The error of the call that failed, with the path: `open /proc/1/io: EACCES (Permission denied)`.
  static func read(_ path: String, into buffer: inout [UInt8]) throws(Errno) -> Int {
    do {
      let number = try retryingOnInterrupt("open") { unsafe open(path, O_RDONLY | O_CLOEXEC) }
      let descriptor = FileDescriptor(owning: number)
      var count = 0
      while true {
        if count == buffer.count {
          guard count < byteLimit else { return count }
          buffer += repeatElement(0, count: min(byteLimit - count, max(4096, count)))
        }
        let read = try retryingOnInterrupt("read") {
          unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe Glibc.read(descriptor.number, bytes.baseAddress! + count, bytes.count - count)
          }
        }
        if read == 0 { return count }
        count += read
      }
    } catch {
      throw Errno("\(error.call) \(path)", code: error.code)
    }
  }
}
