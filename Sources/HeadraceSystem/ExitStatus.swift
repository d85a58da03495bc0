import CHeadraceLinux

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
  case exited(Int32)
  case signaled(Int32)

  /// For example `was killed by signal 9 (SIGKILL)`.
  public var description: String {
    switch self {
    case .exited(let status): return "exited with status \(status)"
    case .signaled(let signal):
      guard let name = unsafe headrace_signal_abbreviation(signal) else { return "was killed by signal \(signal)" }
      return unsafe "was killed by signal \(signal) (SIG\(String(cString: name)))"
    }
  }
}
