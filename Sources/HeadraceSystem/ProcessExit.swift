import CHeadraceLinux
import Glibc

/// The end of this process.
public enum ProcessExit {
  /// Runs the exit handlers and ends with `status` (exit(3)).
  public static func exit(_ status: Int32) -> Never {
    Glibc.exit(status)
  }
}
