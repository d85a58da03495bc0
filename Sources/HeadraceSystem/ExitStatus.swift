import CHeadraceLinux

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
  /// It called exit or returned from main, with this status, 0 to 255.
  case exited(Int32)
  /// A signal of this number killed it (signal(7)).
  case signaled(Int32)
  /// It has ended, but the program reaped it elsewhere, or ignores SIGCHLD, so that nobody knows how.
  case unknown

  /// For example `was killed by signal 9 (SIGKILL)`.
  public var description: String {
    switch self {
    case .unknown: return "ended; how is not known, because this program reaps its children elsewhere"
    case .exited(let status): return "exited with status \(status)"
    case .signaled(let signal):
      guard let name = unsafe headrace_signal_abbreviation(signal) else { return "was killed by signal \(signal)" }
      return unsafe "was killed by signal \(signal) (SIG\(String(cString: name)))"
    }
  }
}
