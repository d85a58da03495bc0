import HeadraceSystem
import Synchronization

/// A child of this process, to be kept where a value that cannot be copied cannot: killed and reaped with this object.
final class StartedProcess: Sendable {
  private let child: Mutex<ChildProcess>
  let processID: Int32
  /// Readable once it has ended.
  let descriptor: Int32

  init(_ child: consuming ChildProcess) {
    processID = child.processID
    descriptor = child.descriptor.number
    self.child = Mutex(child)
  }

  /// How it has ended; nil while it runs.
  func exitStatus() -> ExitStatus? { child.withLock { $0.reap() } }

  /// The same, where it may be about to end; nil where it does not.
  func exitStatus(within time: Duration) -> ExitStatus? {
    _ = Poll.wait(descriptor, until: MonotonicClock.deadline(after: time))
    return exitStatus()
  }

  /// The largest resident set that it had, in bytes; 0 until `exitStatus` has told its end.
  var peakResidentByteCount: Int { child.withLock { $0.peakResidentByteCount } }

  /// Ends it at once, without waiting for that.
  func kill() { child.withLock { $0.kill() } }
}
