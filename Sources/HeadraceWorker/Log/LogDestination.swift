import HeadraceCore

/// Who gets the lines that processes of a loader say: with `LoaderLog`, or by writing to standard error.
public enum LogDestination: Sendable {
  /// Standard error of this process, each line with who says it: `[worker 4711] warning: no label (stage "decode" at
  /// a/b.png)`. The loader's supervisor writes them, at the moment they come.
  case standardError
  /// This closure, for a logger of the program's. It is called by `next`, `stop` and the end of `Batches`, on their
  /// thread, since the loader has no thread in this process: so a line comes with the next batch. Of more than 512
  /// lines that have come meanwhile it gets the newest.
  case handler(@Sendable (LogLine) -> Void)
  /// Nobody reads them: the processes have this one's standard error, as its own children would. `WorkerExit.log` is
  /// empty then.
  case inherited

  /// What the supervisor has to know of it.
  var target: LogTarget {
    switch self {
    case .standardError: .standardError
    case .handler: .ring
    case .inherited: .inherited
    }
  }
}
