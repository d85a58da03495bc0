import HeadraceCore
import HeadraceSystem
import Synchronization

/// A stage whose closure is `async`: keeps as many operations in flight as its concurrency, and needs a lane only while
/// one of them has something to compute.
///
/// The stage is the executor of its tasks: what they have to do becomes a turn of the stage, in its place among the
/// others, on the same lanes.
final class AsyncMapNode: StageNode {
  private struct Operation {
    let item: Item
    let ticket: Int
    /// Bytes that were granted for its result.
    let grantedByteCount: Int
    var task: Task<Void, Never>?
    /// When the call began that is at work; nil: none is, such as before one that is made again.
    var callBegun: UInt64?
  }

  private struct Overdue {
    let number: Int
    let operation: Operation
    /// How long its call had taken when it was found.
    let nanoseconds: UInt64
  }

  private struct State {
    /// By the number in which they were started.
    var operations: [Int: Operation] = [:]
    var startedCount = 0
    /// Those whose time is over, to be counted as failed by the stage's next turn.
    var overdue: [Overdue] = []
    var ending: Ending?
    var hasFinished = false
    /// What starts from now on is not wanted any more.
    var isCancelled = false

    mutating func endingToPass() -> Ending? {
      guard let ending, operations.isEmpty, !hasFinished else { return nil }
      hasFinished = true
      return ending
    }
  }

  private let input: HandoverQueue
  private let output: HandoverQueue
  private let stage: StageContext
  private let work: @Sendable (Item) async throws -> Handover.Outcome
  private let timeout: UInt64?
  private let executor: StageExecutor
  private let state = Mutex(State())

  init(
    _ assembly: StageAssembly,
    work: @escaping @Sendable (Item) async throws -> Handover.Outcome
  ) {
    input = assembly.inputs[0]
    output = assembly.outputs[0]
    stage = assembly.stage
    self.work = work
    timeout = stage.description.options.timeout.flatMap(MonotonicClock.nanoseconds)
    executor = StageExecutor(stage)
  }

  func runSlice(lane: Int) -> SliceResult {
    let start = MonotonicClock.now
    while true {
      if stage.isDraining { return .finished }
      if timeout != nil { failOverdue() }
      let hasRun = executor.runNext()
      if let reason = startNext(), !hasRun { return reason }
      if MonotonicClock.now - start > StageContext.sliceNanoseconds { return .again }
    }
  }

  /// Starts an operation. Returns why it does not, if it does not.
  private func startNext() -> SliceResult? {
    var finished: Ending?
    var isCancelled = false
    var hasBegun = false
    var started: (number: Int, item: Item)?
    let result: SliceResult? = state.withLock { state in
      if state.hasFinished { return .finished }
      if state.ending != nil || state.operations.count >= stage.concurrency { return .starved }
      let place = output.reserve(1, chunk: 1)
      if place.isCancelled {
        isCancelled = true
        state.hasFinished = true
        return .finished
      }
      guard place.count > 0 else { return .blocked }
      // Of both epochs at work there are no more than may be. Until it ends, this one is not at rest.
      hasBegun = input.isReady && stage.scheduler.beginOperation(of: stage.number)
      guard hasBegun else {
        output.unreserve(1)
        return .starved
      }
      let bytes = stage.largestByteCount
      let granted = stage.grant(1, bytes: bytes)
      let taken = input.take(granted, chunk: 1)
      stage.report(taken.skipped)
      state.ending = taken.ending
      guard let item = taken.items.first else {
        output.unreserve(1)
        // Of nothing it would signal those that were refused, of which this stage may be one, for ever.
        if granted > 0 { stage.settle(granted, bytes: bytes ?? 0, released: 0, made: 0) }
        finished = state.endingToPass()
        return state.hasFinished ? .finished : taken.hasMore ? .blocked : .starved
      }
      state.startedCount += 1
      state.operations[state.startedCount] = Operation(
        item: item, ticket: place.ticket, grantedByteCount: bytes ?? 0)
      started = (state.startedCount, item)
      return nil
    }
    if let finished { output.finish(finished) }
    if isCancelled { input.cancel() }
    if let started {
      start(started.number, started.item)
    } else if hasBegun {
      stage.scheduler.endOperation(of: stage.number, stage.generation)
    }
    return result
  }

  private func start(_ number: Int, _ item: Item) {
    if item.isMark { return finish(number, .value(item)) }
    let task = Task(executorPreference: executor) { [self] in
      if let outcome = await run(number, item) { finish(number, outcome) }
    }
    let isOver = state.withLock { state in
      state.operations[number]?.task = task
      return state.isCancelled
    }
    if isOver { task.cancel() }
  }

  /// Calls the closure, and again where that is to be done. Nil: the time of a call was over, so the sample failed.
  private func run(_ number: Int, _ item: Item) async -> Handover.Outcome? {
    let policy = stage.description.failurePolicy
    var attempt = 0
    while true {
      let task = stage.beginTask(item.position, item.label)
      state.withLock { $0.operations[number]?.callBegun = MonotonicClock.now }
      do {
        let outcome = try await work(item)
        task?.end(outcome.isNothing ? .filtered : .done)
        return endCall(number, failures: 0, filtered: outcome.isNothing ? 1 : 0) ? outcome : nil
      } catch {
        task?.end(.failed(error))
        guard endCall(number, failures: 1) else { return nil }
        attempt += 1
        guard attempt <= policy.retries, !Task.isCancelled else { return stage.outcome(error, of: item) }
        stage.metrics.recordRetry()
        stage.postpone()
        try? await Task.sleep(nanoseconds: policy.backoffNanoseconds(before: attempt))
        stage.hold(1)
      }
    }
  }

  /// A call has returned, and is counted. Returns whether its time was not over: else that has been counted before.
  private func endCall(_ number: Int, failures: Int, filtered: Int = 0) -> Bool {
    let now = MonotonicClock.now
    guard let begun = state.withLock({ $0.operations[number]?.callBegun.take() }) else { return false }
    stage.metrics.record(
      tasks: 1, failures: failures, filtered: filtered, nanoseconds: now > begun ? now - begun : 0)
    return true
  }

  /// No call is made for a sample any more.
  private func finish(_ number: Int, _ outcome: consuming Handover.Outcome) {
    guard let operation = state.withLock({ $0.operations[number] }) else { return }
    if !outcome.isNothing, !outcome.isFailure { stage.metrics.recordResult(byteCount: outcome.byteCount) }
    stage.exchange(granted: operation.grantedByteCount, made: outcome.byteCount)
    var outcomes = [outcome]
    output.fill(operation.ticket, &outcomes)
    stage.settle(1, released: operation.item.byteCount, made: 0)
    let finished: Ending? = state.withLock { state in
      state.operations[number] = nil
      return state.endingToPass()
    }
    if let finished { output.finish(finished) }
    stage.signal()
    stage.scheduler.endOperation(of: stage.number, stage.generation)
  }

  /// Finds operations whose time is over. A turn of the stage takes care of them: to keep a sample is files and users'
  /// code, for which the alarm cannot wait.
  func relieve() {
    guard let timeout else { return }
    let now = MonotonicClock.now
    let found = state.withLock { state in
      // What was cancelled ends by itself, and there may be no further turn.
      if state.isCancelled { return [UInt64]() }
      var found: [UInt64] = []
      for (number, operation) in state.operations {
        guard let begun = operation.callBegun, now > begun, now - begun > timeout else { continue }
        state.operations[number]?.callBegun = nil
        state.overdue.append(Overdue(number: number, operation: operation, nanoseconds: now - begun))
        found.append(now - begun)
      }
      return found
    }
    for nanoseconds in found {
      stage.metrics.recordTimeout()
      stage.metrics.record(tasks: 1, failures: 1, filtered: 0, nanoseconds: nanoseconds)
      stage.signal()
    }
  }

  /// Counts operations whose time is over as failed, and cancels them.
  private func failOverdue() {
    guard let timeout else { return }
    while let overdue = state.withLock({ $0.overdue.isEmpty ? nil : $0.overdue.removeFirst() }) {
      let error = stage.timeoutError(
        position: overdue.operation.item.position, after: overdue.nanoseconds, limit: timeout)
      finish(overdue.number, stage.outcome(error, of: overdue.operation.item))
      overdue.operation.task?.cancel()
    }
  }

  func cancel() {
    let (tasks, overdue) = state.withLock { state in
      state.isCancelled = true
      defer { state.overdue = [] }
      return (state.operations.values.compactMap(\.task), state.overdue)
    }
    executor.retire {
      for task in tasks { task.cancel() }
    }
    // For them nobody else does it: their calls were counted.
    for overdue in overdue { finish(overdue.number, .nothing) }
  }
}
