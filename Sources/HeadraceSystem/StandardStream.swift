import CHeadraceLinux
import Glibc

/// Standard output and standard error.
public enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Whether a person looks at it, rather than a file or another program.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes all of `text`, after what the C library holds back. A reader that has gone away is no error: nothing is left
  /// to tell it.
  public func write(_ text: String) {
    headrace_flush_all()
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(rawValue, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
