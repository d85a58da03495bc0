import HeadraceCore
import HeadraceSystem
import Synchronization

/// A stage whose closure is `async`: keeps as many operations in flight as its concurrency, and needs a lane only while
/// one of them has something to compute.
///
/// What its tasks have to compute becomes a turn of the stage, in its place among the others, on the same lanes.
final class AsyncMapNode: StageNode {
  private struct Operation {
    let item: Item
    let ticket: Int
    /// Bytes that were granted for its result.
    let grantedByteCount: Int
    /// How often its call has been made again.
    var attempt = 0
    var task: Task<Void, Never>?
    /// When the call began that is at work; nil: none is, such as before one that is made again.
    var callBegun: UInt64?
  }

  private struct State {
    /// By the numbers of their calls: one that is made again has another, and that of a call which returns after its
    /// time is not found.
    var operations: [Int: Operation] = [:]
    var callCount = 0
    /// Numbers of calls whose time is over, to be counted as failed.
    var overdue: [OverdueCall<Int>] = []
    /// Lanes at work for a task, and since when. Of a stage with a time limit alone.
    var lanes: [Int: UInt64] = [:]
    var ending: Ending?
    var hasFinished = false
    /// Nothing starts any more, and what is under way is not wanted.
    var isCancelled = false

    /// Returns the number of the operation's next call.
    mutating func add(_ operation: Operation) -> Int {
      callCount += 1
      operations[callCount] = operation
      return callCount
    }

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
      // A lane that has been replaced must not go on.
      guard let hasRun = compute(lane: lane) else { return .again }
      if let reason = startNext(), !hasRun { return reason }
      if MonotonicClock.now - start > StageContext.sliceNanoseconds { return .again }
    }
  }

  /// Does what a task has to compute. Returns whether there was anything; nil if it took so long that the lane was
  /// replaced.
  private func compute(lane: Int) -> Bool? {
    guard timeout != nil else { return executor.runNext(lane: lane) }
    // Waiting for its turn is not what blocks a lane.
    let hasRun = executor.runNext(lane: lane) { state.withLock { $0.lanes[lane] = MonotonicClock.now } }
    guard hasRun else { return false }
    return state.withLock { $0.lanes.removeValue(forKey: lane) } == nil ? nil : true
  }

  /// Starts an operation. Returns why it does not, if it does not.
  private func startNext() -> SliceResult? {
    var finished: Ending?
    var isCancelled = false
    var hasBegun = false
    var started: (number: Int, operation: Operation)?
    let result: SliceResult? = state.withLock { state in
      if state.hasFinished || state.isCancelled { return .finished }
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
      let operation = Operation(item: item, ticket: place.ticket, grantedByteCount: bytes ?? 0)
      started = (state.add(operation), operation)
      return nil
    }
    if let finished { output.finish(finished) }
    if isCancelled { input.cancel() }
    if let started {
      start(started.number, started.operation)
    } else if hasBegun {
      stage.scheduler.endOperation(of: stage.number, stage.generation)
    }
    return result
  }

  private func start(_ number: Int, _ operation: Operation) {
    // Handed on as it is, which tells nothing of how large results are.
    if operation.item.isMark || stage.isOut?(operation.item.position) == true {
      return finish(number, .value(operation.item), isMade: false)
    }
    if let error = stage.conviction(of: operation.item) {
      return finish(number, stage.outcome(error, of: operation.item), isMade: false)
    }
    let position = operation.item.position
    // A call that is made again has another number.
    let own = OperationExecutor(executor, position: position, label: operation.item.label) { [weak self] in
      guard let self else { return true }
      return self.state.withLock { state in !state.operations.values.contains { $0.item.position == position } }
    }
    let task = Task(executorPreference: own) { [self] in
      await run(number, operation.item, attempt: operation.attempt)
    }
    let isOver = state.withLock { state in
      state.operations[number]?.task = task
      // Or its time was over before the task was known.
      return state.isCancelled || state.operations[number] == nil
    }
    if isOver { task.cancel() }
  }

  /// Calls the closure, after a wait where that is done again.
  private func run(_ number: Int, _ item: Item, attempt: Int) async {
    if attempt > 0 {
      try? await Task.sleep(nanoseconds: stage.description.failurePolicy.backoffNanoseconds(before: attempt))
      stage.hold(1)
    }
    if state.withLock({ $0.isCancelled }) { return finish(number, .nothing) }
    let task = stage.beginTask(item.position, item.label)
    state.withLock { $0.operations[number]?.callBegun = MonotonicClock.now }
    do {
      let outcome = try await work(item)
      task?.end(outcome.isNothing ? .filtered : .done)
      if endCall(number, failures: 0, filtered: outcome.isNothing ? 1 : 0) { finish(number, outcome) }
    } catch {
      let isGivenUp = giveUp(number)
      task?.end(isGivenUp ? .cancelled : .failed(error))
      if isGivenUp { return finish(number, .nothing) }
      if endCall(number, failures: 1) { fail(number, item, error) }
    }
  }

  /// Whether a call has thrown after it was told to end: then that is no failure. One whose time was over is no more
  /// under way.
  private func giveUp(_ number: Int) -> Bool {
    state.withLock { $0.isCancelled && $0.operations[number]?.callBegun.take() != nil }
  }

  /// A call has returned, and is counted. Returns whether its time was not over: else that has been counted before.
  private func endCall(_ number: Int, failures: Int, filtered: Int = 0) -> Bool {
    let now = MonotonicClock.now
    guard let begun = state.withLock({ $0.operations[number]?.callBegun.take() }) else { return false }
    stage.metrics.record(
      tasks: 1, failures: failures, filtered: filtered, nanoseconds: now > begun ? now - begun : 0)
    return true
  }

  /// A call has failed, and is counted: it is made again where that is to be done.
  private func fail(_ number: Int, _ item: Item, _ error: any Error) {
    let retries = stage.description.failurePolicy.retries
    let next: (number: Int, operation: Operation)? = state.withLock { state in
      guard var operation = state.operations[number], operation.attempt < retries, !state.isCancelled else {
        return nil
      }
      state.operations[number] = nil
      operation.attempt += 1
      return (state.add(operation), operation)
    }
    guard let next else { return finish(number, stage.outcome(error, of: item)) }
    // If its time was over, it is still under way.
    next.operation.task?.cancel()
    stage.metrics.recordRetry()
    stage.postpone()
    start(next.number, next.operation)
  }

  /// No call is made for a sample any more.
  ///
  /// - Parameter isMade: whether a call has made the outcome.
  private func finish(_ number: Int, _ outcome: consuming Handover.Outcome, isMade: Bool = true) {
    guard let operation = state.withLock({ $0.operations[number] }) else { return }
    if isMade, !outcome.isNothing, !outcome.isFailure { stage.metrics.recordResult(byteCount: outcome.byteCount) }
    stage.exchange(granted: operation.grantedByteCount, made: outcome.byteCount)
    var outcomes = [outcome]
    output.fill(operation.ticket, &outcomes)
    stage.settle(1, released: operation.item.byteCount, made: 0)
    let (task, finished, isAbandoned) = state.withLock { state in
      (state.operations.removeValue(forKey: number)?.task, state.endingToPass(), state.isCancelled)
    }
    // If the time of its call was over, that is still under way.
    task?.cancel()
    if let finished { output.finish(finished) }
    stage.signal()
    if isAbandoned {
      stage.scheduler.endAbandonedOperation(of: stage.generation)
    } else {
      stage.scheduler.endOperation(of: stage.number, stage.generation)
    }
  }

  var operations: [RunningCall] {
    state.withLock { $0.operations.values.map(\.item) }.filter { !$0.isMark }
      .map { RunningCall(stage: stage.description.name, position: $0.position, sample: $0.label?.id) }
      .sorted { $0.position < $1.position }
  }

  var hasLimitedCalls: Bool {
    timeout != nil && state.withLock { !$0.operations.isEmpty || !$0.lanes.isEmpty }
  }

  /// Finds calls whose time is over, and gives the lanes that they block to others.
  func relieve() {
    guard let timeout else { return }
    let now = MonotonicClock.now
    func isOverdue(_ begun: UInt64) -> Bool { now > begun && now - begun > timeout }
    let (found, blockedLaneCount, isCancelled) = state.withLock { state in
      let found = state.operations.compactMap { number, operation -> OverdueCall<Int>? in
        guard let begun = operation.callBegun, isOverdue(begun) else { return nil }
        return OverdueCall(call: number, nanoseconds: now - begun)
      }
      for overdue in found { state.operations[overdue.call]?.callBegun = nil }
      if !state.isCancelled { state.overdue += found }
      let blockedLanes = state.lanes.filter { isOverdue($0.value) }.keys
      for lane in blockedLanes {
        // With the lock held, without which the lane cannot leave its task.
        stage.scheduler.abandon(lane: lane, in: stage.number)
        state.lanes[lane] = nil
      }
      return (found, blockedLanes.count, state.isCancelled)
    }
    if blockedLaneCount > 0 || !found.isEmpty { stage.gate?.open() }
    for _ in 0..<blockedLaneCount {
      stage.scheduler.replaceLane(of: stage.number)
      stage.signal()
    }
    guard !found.isEmpty else { return }
    if isCancelled {
      // It was told to end and does not: the epoch waits for it no longer.
      for overdue in found { finish(overdue.call, .nothing) }
      return
    }
    for overdue in found {
      stage.metrics.recordTimeout()
      stage.metrics.record(tasks: 1, failures: 1, filtered: 0, nanoseconds: overdue.nanoseconds)
    }
    stage.scheduler.failOverdue(of: stage.index, stage.generation)
  }

  func failOverdue() {
    guard let timeout else { return }
    while let overdue = state.withLock({ $0.overdue.isEmpty ? nil : $0.overdue.removeFirst() }) {
      guard let item = state.withLock({ $0.operations[overdue.call]?.item }) else { continue }
      fail(overdue.call, item, stage.timeoutError(position: item.position, after: overdue.nanoseconds, limit: timeout))
    }
  }

  func cancel() {
    let (isFirst, operations, overdue) = state.withLock { state in
      defer {
        state.isCancelled = true
        state.overdue = []
      }
      return (!state.isCancelled, Array(state.operations.values), state.overdue)
    }
    guard isFirst else { return }
    stage.scheduler.abandonOperations(operations.count, of: stage.number)
    executor.retire {
      for operation in operations { operation.task?.cancel() }
    }
    // For them nobody else does it: their calls were counted.
    for overdue in overdue { finish(overdue.call, .nothing) }
  }
}
