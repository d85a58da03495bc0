import CHeadraceLinux
import Glibc

/// What a command-line program needs of its own process.
public enum Program {
  /// Ends this process with `status`, after its streams are flushed and its exit handlers have run (exit(3)).
  public static func exit(_ status: Int32) -> Never {
    Glibc.exit(status)
  }

  /// Hands on what was printed so far, for readers who want each line when it is made.
  public static func flush() {
    headrace_flush_all()
  }
}
