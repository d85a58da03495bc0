/// How a loader was started. The consumer sees no difference but in what it costs.
public enum StartMethod: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// Forked from this process, which was cold.
  case fork
  /// Forked from the fork server, which `bootstrap` has started and which is cold whatever this process has become.
  case forkServer = "fork-server"
  /// In a program that this process has started, found by `LoaderCommand`.
  case program
  /// By another process, to whose loader this one has attached.
  case attached
  /// On threads of this process.
  case sameProcess = "same-process"

  /// The raw value.
  public var description: String { rawValue }
}
