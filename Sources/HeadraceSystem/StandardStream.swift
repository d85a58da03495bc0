import CHeadraceLinux
import Glibc

/// Standard output and standard error.
public enum StandardStream: Int32, Sendable {
  /// Descriptor 1: results, and nothing else.
  case output = 1
  /// Descriptor 2: errors and progress.
  case error = 2

  /// Columns of the terminal that a person looks at, 80 if it does not tell; nil for a file or another program.
  ///
  /// See `man 2 ioctl_tty`.
  public var columnCount: Int? {
    guard isatty(rawValue) == 1 else { return nil }
    return terminalSize.map { Int($0.ws_col) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }

  /// Rows of that terminal, 24 if it does not tell; nil for a file or another program.
  package var rowCount: Int? {
    guard isatty(rawValue) == 1 else { return nil }
    return terminalSize.map { Int($0.ws_row) }.flatMap { $0 > 0 ? $0 : nil } ?? 24
  }

  private var terminalSize: winsize? {
    var size = winsize()
    return unsafe ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }

  /// Writes all of `text`, after what the C library holds back.
  ///
  /// - Throws: why not all of it could be written, such as ENOSPC. A reader that has gone away is no error.
  public func write(_ text: String) throws(Errno) {
    headrace_flush_all()
    try write(bytes: Array(text.utf8)[...])
  }

  private func write(bytes: ArraySlice<UInt8>) throws(Errno) {
    var bytes = bytes
    while !bytes.isEmpty {
      do {
        let count = try retryingOnInterrupt("write to standard \(self)") {
          unsafe bytes.withUnsafeBytes { unsafe Glibc.write(rawValue, $0.baseAddress, $0.count) }
        }
        bytes = bytes.dropFirst(count)
      } catch {
        if error.code == EPIPE { return }
        throw error
      }
    }
  }

  /// Whether at least 4,096 bytes can be written now without waiting, which is a guess for a terminal.
  package var isWritable: Bool { headrace_is_writable(rawValue) == 1 }

  /// Writes a message that nobody could be told about if it fails.
  public func show(_ text: String) {
    try? write(text)
  }

  /// Writes bytes that may be part of a text, whatever the C library holds back: no lock of a stream is waited for.
  package func show(bytes: ArraySlice<UInt8>) {
    try? write(bytes: bytes)
  }
}
