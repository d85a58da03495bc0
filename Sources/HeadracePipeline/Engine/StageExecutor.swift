import Dispatch
import Synchronization

/// Runs the tasks of one stage when the stage has its turn.
final class StageExecutor: TaskExecutor {
  private let jobs: Mutex<Deque<UnownedJob>> = Mutex(Deque())
  private let stage: StageContext
  /// The stage has no more turns: its epoch is over, or another node has taken its node's place.
  private let isRetired = Atomic<Bool>(false)

  init(_ stage: StageContext) {
    self.stage = stage
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    // Looked at after the job is there: so either this or `retire` finds it.
    if isRetired.load(ordering: .sequentiallyConsistent) { runRest() } else { stage.signal() }
  }

  /// Runs what was enqueued first. Returns whether there was anything.
  func runNext() -> Bool {
    guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.popFirst() }) else { return false }
    // The executor outlives the job: the stage holds it, and the job's task holds the stage.
    unsafe job.runSynchronously(on: asUnownedTaskExecutor())
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
    DispatchQueue.global().async { while self.runNext() {} }
  }
}
