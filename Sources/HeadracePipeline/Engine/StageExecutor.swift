import Dispatch
import Synchronization

/// Runs the tasks of one stage when the stage has its turn.
final class StageExecutor: Sendable {
  private struct Job {
    let job: UnownedJob
    let operation: OperationExecutor
  }

  private let jobs: Mutex<Deque<Job>> = Mutex(Deque())
  private let stage: StageContext
  /// The stage has no more turns: its epoch is over, or another node has taken its node's place.
  private let isRetired = Atomic<Bool>(false)

  init(_ stage: StageContext) {
    self.stage = stage
  }

  func enqueue(_ job: UnownedJob, of operation: OperationExecutor) {
    jobs.withLock { $0.append(Job(job: job, operation: operation)) }
    // Looked at after the job is there: so either this or `retire` finds it.
    if isRetired.load(ordering: .sequentiallyConsistent) { runRest() } else { stage.signal() }
  }

  /// Runs what was enqueued first. Returns whether there was anything.
  ///
  /// - Parameters:
  ///   - lane: where; nil: on a thread that is none.
  ///   - willRun: called before, once it is its turn.
  func runNext(lane: Int?, willRun: () -> Void = {}) -> Bool {
    guard let next = jobs.withLock({ $0.isEmpty ? nil : $0.popFirst() }) else { return false }
    let operation = next.operation
    guard let lane else {
      unsafe next.job.runSynchronously(on: operation.asUnownedTaskExecutor())
      return true
    }
    // What an operation computes between two waits is noted, and has its turn, like a call that does not wait.
    let turn = stage.beginCall(lane: lane, position: operation.position, label: operation.label)
    willRun()
    // This holds the executor until the job is over.
    unsafe next.job.runSynchronously(on: operation.asUnownedTaskExecutor())
    stage.endCall(turn, lane: lane, operation.position, isDone: operation.isOver())
    stage.observer?.end(lane: lane)
    return true
  }

  /// From now on runs what comes on Dispatch's threads: for tasks that are to end after the stage has had its last
  /// turn. They are users' code and may take their time, for which no lane and no retry of the next epoch is to wait.
  ///
  /// - Parameter cancel: cancels those tasks, there as well: what they do about that at once is users' code.
  func retire(_ cancel: @escaping @Sendable () -> Void) {
    isRetired.store(true, ordering: .sequentiallyConsistent)
    DispatchQueue.global().async { cancel() }
    runRest()
  }

  private func runRest() {
    DispatchQueue.global().async { while self.runNext(lane: nil) {} }
  }
}
