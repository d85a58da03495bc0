import CHeadraceLinux
import Glibc

/// Standard output and standard error.
public enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Whether a person looks at it, rather than a file or another program.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes all of `text`, after what the C library holds back.
  ///
  /// - Throws: why not all of it could be written, such as ENOSPC. A reader that has gone away is no error.
  public func write(_ text: String) throws(Errno) {
    headrace_flush_all()
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(rawValue, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EPIPE { return }
      guard count > 0 else { throw Errno.last("write to standard \(self)") }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Writes a message that nobody could be told about if it fails.
  public func show(_ text: String) {
    try? write(text)
  }
}
