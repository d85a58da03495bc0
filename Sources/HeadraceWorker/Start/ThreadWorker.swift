import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// A worker on threads of this process.
///
/// A thread cannot be killed: a worker that is let go of while a stage is stuck ends when that stage does, and holds
/// the ring until then.
final class ThreadWorker: Worker {
  /// Given when the loop has ended; the thread and this object share it.
  private final class End: Sendable {
    let signal: EventSignal
    init() throws(Errno) { signal = try EventSignal() }
  }

  private let end: End

  /// - Throws: `systemCall`.
  init(ring: Ring, loop: WorkerLoop) throws(HeadraceError) {
    do {
      let end = try End()
      try Thread.start(name: "headrace") {
        loop.run(lifeline: -1)
        end.signal.signal()
      }
      self.end = end
    } catch {
      throw HeadraceError(.systemCall, "The worker's thread could not be started.", cause: "\(error)")
    }
  }

  var endDescriptor: Int32 { end.signal.descriptor.number }
  var processID: Int? { nil }
  var rootProcessID: Int? { nil }
  func exitStatus() -> ExitStatus? { nil }
}
