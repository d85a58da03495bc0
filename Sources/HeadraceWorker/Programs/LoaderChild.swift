import HeadraceSystem
import Synchronization

/// A loader program that runs, as the process has it that started it: killed and reaped with this object.
final class LoaderChild: Sendable {
  private let child: Mutex<ChildProcess>

  init(_ child: consuming ChildProcess) { self.child = Mutex(child) }

  /// How it has ended; nil while it runs.
  func exitStatus() -> ExitStatus? { child.withLock { $0.reap() } }
}
