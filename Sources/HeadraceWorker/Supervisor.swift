import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Watches the worker of one loader, and starts another where it dies: what the process between trainer and worker does
/// from its start to its end.
///
/// It has one thread and calls no code of the user's, so it can be forked at any time.
struct Supervisor {
  /// How the supervisor's process ends.
  enum Outcome: Int32 {
    /// Nothing is left to do.
    case done = 0
    /// The worker has died, and there will be no other; the ring tells how.
    case gaveUp = 1
    /// No worker could be forked.
    case refused = 2
  }

  let ring: Ring
  let signals: Signals
  let restartLimit: Int
  /// Makes what a worker does, for the first and for each that takes the place of another.
  let makeLoop: (StreamPosition?) -> WorkerLoop

  /// - Parameter trainer: whose end is this one's.
  func run(_ trainer: borrowing ProcessHandle) -> Outcome {
    var schedule = RestartSchedule(limit: restartLimit)
    while true {
      var worker: ChildProcess
      do throws(Errno) {
        worker = try startWorker()
      } catch {
        // Of the first one the trainer is told by the end of this process.
        return .refused
      }
      ring.workerProcessID = Int(worker.processID)
      signals.started.signal()
      let ready = Poll.wait(worker.descriptor.number, signals.end.descriptor.number, trainer.descriptor.number)
      // Going away kills the worker and waits for its end.
      if ready.second || ready.third { return .done }
      let status = worker.reap() ?? .unknown
      // It was told to, or has said in the ring why it could not begin.
      if ring.isStopRequested || ring.workerPhase == .stopping { return .done }
      ring.workerDeath = WorkerDeath(
        count: (ring.workerDeath?.count ?? 0) + 1, processID: Int(worker.processID), status: status)
      guard case .restart(let pause) = schedule.died(publishedCount: ring.publishedCount) else { return .gaveUp }
      if pause > 0 {
        let due = MonotonicClock.now + pause
        let ready = Poll.wait(signals.end.descriptor.number, trainer.descriptor.number, until: due)
        if !ready.timedOut { return .done }
      }
    }
  }

  private func startWorker() throws(Errno) -> ChildProcess {
    let isFirst = ring.workerDeath == nil
    return try ChildProcess(name: "headrace-worker") { supervisor in
      var position: StreamPosition?
      if !isFirst {
        do throws(HeadraceError) {
          position = try ring.resume()
        } catch {
          // Nothing that could be gone on with: the consumer finds what it finds.
          return 1
        }
        InFlightTable(ring).clear()
      }
      makeLoop(position).run(lifeline: supervisor.descriptor.number)
      return 0
    } refusal: { error in
      makeLoop(nil).refuse(error)
      return 1
    }
  }
}
