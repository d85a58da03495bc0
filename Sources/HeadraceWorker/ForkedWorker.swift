import HeadraceCore
import HeadraceRing
import HeadraceSystem
import Synchronization

/// A worker in a forked child, which ends with this process. Deinit kills and reaps it if it still runs.
final class ForkedWorker: Worker {
  private let child: Mutex<ChildProcess>
  /// The child reads its end of it: that ends when this process, the only writer, does.
  private let lifeline: Pipe
  let endDescriptor: Int32
  private let childID: Int32

  /// - Throws: `forkUnsafe`, saying why and what to do; `systemCall`.
  init(ring: Ring, loop: WorkerLoop) throws(HeadraceError) {
    try Self.refuseWarmProcess()
    do {
      let lifeline = try Pipe()
      let child = try ChildProcess(name: "headrace-worker", closing: [lifeline.writeEnd.number]) {
        loop.run(lifeline: lifeline.readEnd.number)
        return 0
      } refusal: { error in
        loop.refuse(error)
        return 1
      }
      endDescriptor = child.descriptor.number
      childID = child.processID
      self.child = Mutex(child)
      self.lifeline = lifeline
    } catch {
      throw HeadraceError(.systemCall, "The worker process could not be started.", cause: "\(error)")
    }
  }

  var processID: Int? { Int(childID) }

  func exitStatus() -> ExitStatus? {
    child.withLock { $0.reap() }
  }

  private static func refuseWarmProcess() throws(HeadraceError) {
    let reason: String
    switch ForkSafety.hazard {
    case nil: return
    case .dispatchStarted?:
      reason =
        "Dispatch or a Task has been used in it, and Dispatch queues hang for ever in the child of such a process"
    case .otherThreads(let count)?:
      reason = "it has \(count) further thread\(count == 1 ? "" : "s"), whose locks would stay locked in the child"
    }
    throw HeadraceError(
      .forkUnsafe,
      "This process can no longer be forked: \(reason). Call runPipelineInSubprocess before anything that starts a thread"
        + " (first in main, not in an async function), or pass placement: .sameProcess.")
  }
}
