import CHeadraceLinux
import Glibc

/// What a command-line program needs of its own process.
public enum Program {
  /// Ends this process with `status`, after its streams are flushed and its exit handlers have run (exit(3)).
  public static func exit(_ status: Int32) -> Never {
    Glibc.exit(status)
  }

  /// Writes one line to the standard error stream.
  public static func complain(_ line: String) {
    var text = line + "\n"
    text.withUTF8 { bytes in _ = unsafe write(STDERR_FILENO, bytes.baseAddress!, bytes.count) }
  }

  /// Hands on what was printed so far, for readers who want each line when it is made.
  public static func flush() {
    headrace_flush_all()
  }
}
