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
    let begun: UInt64
    /// Bytes that were granted for its result.
    let grantedByteCount: Int
    var task: Task<Void, Never>?
    var isOver = false
  }

  private struct State {
    /// By the number in which they were started.
    var operations: [Int: Operation] = [:]
    var startedCount = 0
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
    let start = Clock.now
    while true {
      if stage.isDraining { return .finished }
      let hasRun = executor.runNext()
      if let reason = startNext(), !hasRun { return reason }
      if Clock.now - start > StageContext.sliceNanoseconds { return .again }
    }
  }

  /// Starts an operation. Returns why it does not, if it does not.
  private func startNext() -> SliceResult? {
    var finished: Ending?
    var isCancelled = false
    var started: (number: Int, ticket: Int, item: Item)?
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
      let bytes = stage.largestByteCount
      let granted = input.isReady ? stage.grant(1, bytes: bytes) : 0
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
        item: item, ticket: place.ticket, begun: Clock.now, grantedByteCount: bytes ?? 0)
      started = (state.startedCount, place.ticket, item)
      return nil
    }
    if let finished { output.finish(finished) }
    if isCancelled { input.cancel() }
    if let started { start(started.number, started.ticket, started.item) }
    return result
  }

  private func start(_ number: Int, _ ticket: Int, _ item: Item) {
    // Until it ends, the epoch is not at rest.
    guard stage.scheduler.beginOperation(of: stage.number) else { return }
    if item.isMark { return finish(number, ticket, .value(item)) }
    let task = Task(executorPreference: executor) { [self] in
      finish(number, ticket, await run(item))
    }
    let isOver = state.withLock { state in
      state.operations[number]?.task = task
      return state.isCancelled
    }
    if isOver { task.cancel() }
  }

  private func run(_ item: Item) async -> Handover.Outcome {
    let policy = stage.description.failurePolicy
    var attempt = 0
    while true {
      let task = stage.beginTask(item.position, item.label)
      do {
        let outcome = try await work(item)
        task?.end(outcome.isNothing ? .filtered : .done)
        return outcome
      } catch {
        task?.end(.failed(error))
        attempt += 1
        guard attempt <= policy.retries, !Task.isCancelled else { return stage.outcome(error, of: item) }
        stage.metrics.recordRetry()
        stage.postpone()
        try? await Task.sleep(nanoseconds: policy.backoffNanoseconds(before: attempt))
        stage.hold(1)
      }
    }
  }

  /// An operation has ended, or its time is over. The first of both counts.
  private func finish(_ number: Int, _ ticket: Int, _ outcome: consuming Handover.Outcome) {
    let operation = state.withLock { state in
      defer { state.operations[number]?.isOver = true }
      return state.operations[number]
    }
    guard let operation, !operation.isOver else { return }
    if !operation.item.isMark {
      stage.metrics.record(
        tasks: 1, failures: outcome.isFailure ? 1 : 0, filtered: outcome.isNothing ? 1 : 0,
        nanoseconds: Clock.now - operation.begun)
    }
    if !outcome.isNothing, !outcome.isFailure { stage.metrics.recordResult(byteCount: outcome.byteCount) }
    stage.exchange(granted: operation.grantedByteCount, made: outcome.byteCount)
    var outcomes = [outcome]
    output.fill(ticket, &outcomes)
    stage.settle(1, released: operation.item.byteCount, made: 0)
    let finished: Ending? = state.withLock { state in
      state.operations[number] = nil
      return state.endingToPass()
    }
    if let finished { output.finish(finished) }
    stage.signal()
    stage.scheduler.endOperation(of: stage.number, stage.generation)
  }

  func relieve() {
    guard let timeout else { return }
    let now = Clock.now
    let overdue = state.withLock { state in
      state.operations.filter { !$0.value.isOver && now > $0.value.begun && now - $0.value.begun > timeout }
    }
    for (number, operation) in overdue {
      stage.metrics.recordTimeout()
      let error = stage.timeoutError(position: operation.item.position, after: now - operation.begun, limit: timeout)
      finish(number, operation.ticket, stage.outcome(error, of: operation.item))
      // Afterwards, or the operation might end first, with the error that it was cancelled.
      operation.task?.cancel()
    }
  }

  func cancel() {
    let tasks = state.withLock { state in
      state.isCancelled = true
      return state.operations.values.compactMap(\.task)
    }
    for task in tasks { task.cancel() }
    executor.retire()
  }
}
