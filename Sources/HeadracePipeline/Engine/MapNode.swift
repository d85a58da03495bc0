import HeadraceCore
import HeadraceSystem
import Synchronization

/// A stage that makes some, one or no result of each sample, whatever became of those before: `map`, `filter`, and all
/// that a closure of one sample can say.
final class MapNode: ChunkedNode {
  /// A sample that is tried again, or watched.
  struct Call: Sendable {
    let item: Item
    var terms: ChunkTerms
  }

  /// What a call came to.
  enum Made {
    /// The result stands in the place of the item's value.
    case kept
    case made(Handover.Outcome)

    var isNothing: Bool {
      if case .made(.nothing) = self { true } else { false }
    }
  }

  typealias SampleChunk = Chunk<Item, Handover.Outcome>

  private struct State {
    var workload: Workload<Item, Handover.Outcome> = Workload()
    var retries: RetryQueue<Call> = RetryQueue()
    var watch = CallWatch()
    /// Calls whose time is over, to be counted as failed.
    var overdue: [OverdueCall<CallWatch.Entry>] = []
    var ending: Ending?
    var hasFinished = false

    /// The ending, once, when nothing is in flight any more.
    mutating func endingToPass() -> Ending? {
      guard let ending, workload.count == 0, !hasFinished else { return nil }
      hasFinished = true
      return ending
    }
  }

  private let input: HandoverQueue
  private let output: HandoverQueue
  let stage: StageContext
  private let work: @Sendable (inout Item) throws -> Made
  private let timeout: UInt64?
  private let state = Mutex(State())

  init(_ assembly: StageAssembly, work: @escaping @Sendable (inout Item) throws -> Made) {
    input = assembly.inputs[0]
    output = assembly.outputs[0]
    stage = assembly.stage
    self.work = work
    // A call in another process is ended when its time is over, and not only given up: by who makes it.
    timeout = assembly.remote == nil ? stage.description.options.timeout.flatMap(MonotonicClock.nanoseconds) : nil
  }

  /// Reserves room, then takes as much input: in one step, so that places and samples keep the same order.
  func takeIn() -> Intake<Item, Handover.Outcome> {
    var finished: Ending?
    var isCancelled = false
    let intake: Intake<Item, Handover.Outcome> = state.withLock { state in
      if state.hasFinished { return .idle(.finished) }
      if let chunk = state.workload.takeReturned() { return .work(chunk, hasMore: true) }
      if let retry = state.retries.takeDue(now: MonotonicClock.now) {
        stage.hold(1)
        let chunk = state.workload.takeAgain(ticket: retry.ticket, task: retry.call.item, terms: retry.call.terms)
        return .work(chunk, hasMore: true)
      }
      if state.ending != nil { return .idle(.starved) }
      let size = timeout == nil ? state.workload.chunkSize : 1
      let place = output.reserve(size, chunk: size)
      if place.isCancelled {
        isCancelled = true
        leave(&state)
        return .idle(.finished)
      }
      guard place.count > 0 else { return .idle(.blocked) }
      let bytes = stage.largestByteCount
      let granted = input.isReady ? stage.grant(place.count, bytes: bytes) : 0
      var taken = input.take(granted, chunk: size)
      output.unreserve(place.count - taken.items.count)
      if taken.items.count < granted {
        stage.settle(granted - taken.items.count, bytes: bytes ?? 0, released: 0, made: 0)
      }
      state.ending = taken.ending
      // With the lock held, which is what keeps the order.
      stage.report(taken.skipped)
      if taken.items.isEmpty {
        finished = state.endingToPass()
        return .idle(state.hasFinished ? .finished : taken.hasMore ? .blocked : .starved)
      }
      let chunk = state.workload.takeIn(
        firstTicket: place.ticket, count: taken.items.count, terms: ChunkTerms(grantedByteCount: bytes ?? 0)
      ) { _ in taken.items.removeLast() }
      return .work(chunk, hasMore: taken.hasMore)
    }
    if let finished { output.finish(finished) }
    if isCancelled { input.cancel() }
    return intake
  }

  /// Nobody wants more: what no lane works on is in flight no longer.
  private func leave(_ state: inout State) {
    state.ending = .endOfEpoch
    state.hasFinished = true
    for call in state.retries.removeAll() {
      stage.settle(released: call.terms.grantedByteCount + call.item.byteCount, made: 0)
    }
    for rest in state.workload.removeReturned() {
      let byteCount = rest.tasks.reduce(0) { $0 + $1.byteCount }
      stage.settle(rest.tasks.count, bytes: rest.terms.grantedByteCount, released: byteCount, made: 0)
    }
    for overdue in state.overdue { settle(overdue.call.call) }
    state.overdue = []
  }

  func cancel() { state.withLock { leave(&$0) } }

  /// Calls the closure for each sample that the chunk is left with, until the epoch is at its end.
  func work(_ chunk: SampleChunk, lane: Int) {
    let begin = MonotonicClock.now
    var tally = CallTally()
    let results = chunk.run { item, ticket in
      if stage.isDraining { return nil }
      if item.isMark {
        tally.addMark()
        return .value(item)
      }
      if let isOut = stage.isOut, isOut(item.position) {
        tally.addPassed(item.byteCount)
        return .value(item)
      }
      let (byteCount, position) = (item.byteCount, item.position)
      let turn = stage.beginCall(lane: lane, item)
      if case .convicted(let error) = turn {
        let outcome = stage.outcome(error, of: item)
        tally.add(outcome, releasing: byteCount)
        return outcome
      }
      defer { stage.endCall(turn, lane: lane, position) }
      let outcome =
        timeout == nil
        ? make(of: item, ticket, chunk.terms) : watch(Call(item: item, terms: chunk.terms), ticket, lane: lane)
      // Else it was counted when its time was over.
      guard let outcome else { return .pending }
      tally.add(outcome, releasing: byteCount)
      return outcome
    }
    let nanoseconds = MonotonicClock.now - begin
    stage.metrics.record(
      tasks: tally.calls, failures: tally.failures, filtered: tally.filtered, nanoseconds: nanoseconds)
    if stage.budget != nil { tally.exchange(stage, granted: chunk.terms.grantedByteCount) }
    handOn(consume results) { state in
      state.workload.close(chunk, samples: tally.calls, nanoseconds: nanoseconds)
    }
    if stage.budget != nil { tally.settle(stage) }
  }

  /// What becomes of a sample: `pending` if it is to be tried again.
  private func make(of item: consuming Item, _ ticket: Int, _ terms: ChunkTerms) -> Handover.Outcome {
    do {
      switch try call(&item) {
      case .kept: return .value(item)
      case .made(let outcome): return outcome
      }
    } catch {
      return fail(Call(item: item, terms: terms), ticket, error)
    }
  }

  /// Calls the closure, with the hooks around it.
  private func call(_ item: inout Item) throws -> Made {
    let task = stage.beginTask(item.position, item.label)
    do {
      let made = try work(&item)
      task?.end(made.isNothing ? .filtered : .done)
      return made
    } catch {
      task?.end(.failed(error))
      throw error
    }
  }

  private func fail(_ call: Call, _ ticket: Int, _ error: any Error) -> Handover.Outcome {
    let policy = stage.description.failurePolicy
    let attempt = call.terms.attempt + 1
    guard attempt <= policy.retries, !stage.isDraining, !error.endsProcesses else {
      return stage.outcome(error, of: call.item)
    }
    let due = MonotonicClock.now + policy.backoffNanoseconds(before: attempt)
    var next = call
    next.terms.attempt = attempt
    let isAdded = state.withLock { state in
      // Nobody would make it any more.
      if state.hasFinished { return false }
      state.retries.add(next, ticket: ticket, due: due)
      return true
    }
    guard isAdded else { return stage.outcome(error, of: call.item) }
    stage.metrics.recordRetry()
    stage.postpone()
    stage.signal(at: due)
    return .pending
  }

  // MARK: Time limit

  /// Calls the closure. Nil: its time was over before it returned.
  private func watch(_ call: Call, _ ticket: Int, lane: Int) -> Handover.Outcome? {
    let number = state.withLock { $0.watch.begin(call, ticket: ticket, lane: lane, now: MonotonicClock.now) }
    // The call keeps the item as it is, for whoever finds it overdue.
    var item = call.item
    let result = Result { try self.call(&item) }
    // Too late: it has been counted as failed, and the lane replaced. Whatever it came to, nobody is to hear of it.
    guard state.withLock({ $0.watch.end(number) }) else { return nil }
    switch result {
    case .success(.kept): return .value(item)
    case .success(.made(let outcome)): return outcome
    case .failure(let error): return fail(call, ticket, error)
    }
  }

  var hasLimitedCalls: Bool { timeout != nil && state.withLock { !$0.watch.isEmpty } }

  /// Gives the lanes of calls whose time is over to others.
  func relieve() {
    relieveChunks()
    guard let timeout else { return }
    let now = MonotonicClock.now
    let allOverdue = state.withLock { state in
      let overdue = state.watch.takeOverdue(limit: timeout, now: now)
      for entry in overdue {
        // With the lock held, without which none of these lanes can leave its call.
        stage.scheduler.abandon(lane: entry.lane, in: stage.number)
        // Nobody wants it any more.
        if state.hasFinished {
          settle(entry.call)
        } else {
          state.overdue.append(OverdueCall(call: entry, nanoseconds: now - entry.begun))
        }
      }
      return overdue
    }
    guard !allOverdue.isEmpty else { return }
    stage.gate?.open()
    for overdue in allOverdue {
      stage.metrics.recordTimeout()
      stage.metrics.record(tasks: 1, failures: 1, filtered: 0, nanoseconds: now - overdue.begun)
      stage.scheduler.replaceLane(of: stage.number)
      stage.signal()
    }
    stage.scheduler.failOverdue(of: stage.index, stage.generation)
  }

  func failOverdue() {
    guard let timeout else { return }
    while let overdue = state.withLock({ $0.overdue.isEmpty ? nil : $0.overdue.removeFirst() }) {
      let entry = overdue.call
      let error = stage.timeoutError(
        position: entry.call.item.position, after: overdue.nanoseconds, limit: timeout)
      let outcome = fail(entry.call, entry.ticket, error)
      let isPending = outcome.isPending
      handOn(SampleChunk.Results(firstTicket: entry.ticket, outputs: [outcome])) { _ in }
      // A sample that is tried again keeps what it was granted.
      if !isPending { settle(entry.call) }
      // It frees a place, of which nobody else tells.
      stage.signal()
    }
  }

  /// A sample is in flight no longer, and nothing was made of it.
  private func settle(_ call: Call) {
    stage.settle(1, bytes: call.terms.grantedByteCount, released: call.item.byteCount, made: 0)
  }

  // MARK: Results

  func withWorkload<Result: Sendable>(
    _ body: (inout Workload<Item, Handover.Outcome>) -> sending Result
  ) -> Result {
    state.withLock { body(&$0.workload) }
  }

  func handOn(_ results: consuming SampleChunk.Results) { handOn(consume results) { _ in } }

  /// Hands results on, and after the last of an epoch its ending.
  private func handOn(_ results: consuming SampleChunk.Results, closing: (inout State) -> Void) {
    let count = results.outputs.reduce(0) { $1.isPending ? $0 : $0 + 1 }
    output.fill(results.firstTicket, &results.outputs)
    let finished: Ending? = state.withLock { state in
      closing(&state)
      state.workload.handedOn(count)
      return state.endingToPass()
    }
    if let finished { output.finish(finished) }
  }
}
