import Glibc

/// Standard output, when a person looks at it and the cursor can be moved.
enum Terminal {
  /// Columns of the terminal; nil when standard output is a file or a pipe, and where TERM is unset, empty or `dumb`:
  /// such a terminal shows the codes that move the cursor as text.
  static var width: Int? {
    guard isatty(STDOUT_FILENO) == 1, movesCursor else { return nil }
    var size = winsize()
    let known = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return known ? Int(size.ws_col) : 80
  }

  private static let movesCursor: Bool = {
    guard let type = unsafe getenv("TERM") else { return false }
    return !["", "dumb"].contains(unsafe String(cString: type))
  }()

  /// Writes text without ending the line.
  static func show(_ text: String) {
    print(text, terminator: "")
    flush()
  }

  /// Shows what was printed so far, also in a file that somebody follows.
  static func flush() { fflush(nil) }

  /// One line on standard error, and the end of the process.
  static func fail(_ message: String, status: Int32) -> Never {
    flush()
    let line = "TrainDigits: \(message)\n"
    var bytes = Array(line.utf8)
    while !bytes.isEmpty {
      let written = unsafe write(STDERR_FILENO, bytes, bytes.count)
      guard written > 0 else { break }
      bytes.removeFirst(written)
    }
    exit(status)
  }
}
