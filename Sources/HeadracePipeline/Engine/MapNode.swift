import HeadraceCore
import Synchronization

/// A stage that makes some, one or no result of each sample, whatever became of those before: `map`, `filter`, and all
/// that a closure of one sample can say.
final class MapNode: ChunkedNode {
  /// A sample to work on.
  struct Call: Sendable {
    let item: Item
    /// How often it was tried before.
    var attempt = 0
    /// Bytes that were granted for its result.
    var grantedByteCount = 0
  }

  typealias SampleChunk = Chunk<Call, Handover.Outcome>

  private struct State {
    var workload: Workload<Call, Handover.Outcome> = Workload()
    var retries: RetryQueue<Call> = RetryQueue()
    var watch = CallWatch()
    var ending: Ending?
    var hasFinished = false
    /// Bytes of the largest result so far.
    var largestByteCount = 0

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
  private let work: @Sendable (Item) throws -> Handover.Outcome
  private let timeout: UInt64?
  private let state = Mutex(State())

  init(_ assembly: StageAssembly, work: @escaping @Sendable (Item) throws -> Handover.Outcome) {
    input = assembly.inputs[0]
    output = assembly.outputs[0]
    stage = assembly.stage
    self.work = work
    timeout = stage.description.options.timeout.map { UInt64(max(0, $0 / .nanoseconds(1))) }
  }

  /// Reserves room, then takes as much input: in one step, so that places and samples keep the same order.
  func takeIn() -> Intake<Call, Handover.Outcome> {
    var finished: Ending?
    var isCancelled = false
    let intake: Intake<Call, Handover.Outcome> = state.withLock { state in
      if state.hasFinished { return .idle(.finished) }
      if let chunk = state.workload.takeReturned() { return .work(chunk, hasMore: true) }
      if let retry = state.retries.takeDue(now: Clock.now) {
        return .work(state.workload.takeAgain(ticket: retry.ticket, task: retry.call), hasMore: true)
      }
      if state.ending != nil { return .idle(.starved) }
      let size = timeout == nil ? state.workload.chunkSize : 1
      let place = output.reserve(size, chunk: size)
      if place.isCancelled {
        isCancelled = true
        state.ending = .endOfEpoch
        state.hasFinished = true
        return .idle(.finished)
      }
      guard place.count > 0 else { return .idle(.blocked) }
      let bytes = state.largestByteCount
      let granted = input.isReady ? stage.grant(place.count, bytes: bytes) : 0
      let taken = input.take(granted, chunk: size)
      output.unreserve(place.count - taken.items.count)
      if taken.items.count < granted {
        stage.settle(granted - taken.items.count, bytes: bytes, released: 0, made: 0)
      }
      state.ending = taken.ending
      // With the lock held, which is what keeps the order.
      stage.report(taken.skipped)
      if taken.items.isEmpty {
        finished = state.endingToPass()
        return .idle(state.hasFinished ? .finished : taken.hasMore ? .blocked : .starved)
      }
      let calls = taken.items.map { Call(item: $0, grantedByteCount: bytes) }
      return .work(state.workload.takeIn(firstTicket: place.ticket, tasks: calls), hasMore: taken.hasMore)
    }
    if let finished { output.finish(finished) }
    if isCancelled { input.cancel() }
    return intake
  }

  /// Calls the closure for each sample that the chunk is left with, until the epoch is at its end.
  func work(_ chunk: SampleChunk, lane: Int) {
    let begin = Clock.now
    var tally = CallTally()
    let results = chunk.run { call, ticket in
      if stage.isDraining { return nil }
      if call.item.isMark { return .value(call.item) }
      stage.begin(lane: lane, call.item)
      let outcome = timeout == nil ? make(call, ticket) : watch(call, ticket, lane: lane)
      tally.add(outcome, of: call)
      return outcome
    }
    let nanoseconds = Clock.now - begin
    stage.metrics.record(
      tasks: tally.calls, failures: tally.failures, filtered: tally.filtered, nanoseconds: nanoseconds)
    if stage.budget != nil { tally.exchange(stage) }
    handOn(results) { state in
      state.workload.close(chunk, samples: tally.calls, nanoseconds: nanoseconds)
      state.largestByteCount = max(state.largestByteCount, tally.largestByteCount)
    }
    if stage.budget != nil { tally.settle(stage) }
  }

  /// What becomes of a sample: `pending` if it is to be tried again.
  private func make(_ call: Call, _ ticket: Int) -> Handover.Outcome {
    do {
      return try work(call.item)
    } catch {
      return fail(call, ticket, error)
    }
  }

  private func fail(_ call: Call, _ ticket: Int, _ error: any Error) -> Handover.Outcome {
    let policy = stage.description.failurePolicy
    guard call.attempt < policy.retries, !stage.isDraining else {
      return stage.outcome(error, of: call.item)
    }
    stage.metrics.recordRetry()
    let due = Clock.now + policy.backoffNanoseconds(before: call.attempt + 1)
    var next = call
    next.attempt += 1
    state.withLock { $0.retries.add(next, ticket: ticket, due: due) }
    stage.signal(at: due)
    return .pending
  }

  // MARK: Time limit

  private func watch(_ call: Call, _ ticket: Int, lane: Int) -> Handover.Outcome {
    let number = state.withLock { $0.watch.begin(call, ticket: ticket, lane: lane, now: Clock.now) }
    let outcome = make(call, ticket)
    // Too late: it has been counted as failed, and the lane replaced.
    return state.withLock { $0.watch.end(number) } ? outcome : .pending
  }

  func relieve() {
    relieveChunks()
    guard let timeout else { return }
    let now = Clock.now
    for overdue in state.withLock({ $0.watch.takeOverdue(limit: timeout, now: now) }) {
      stage.metrics.recordTimeout()
      let error = stage.timeoutError(
        position: overdue.call.item.position, after: now - overdue.begun, limit: timeout)
      let outcome = fail(overdue.call, overdue.ticket, error)
      stage.metrics.record(tasks: 1, failures: 1, filtered: 0, nanoseconds: now - overdue.begun)
      handOn(SampleChunk.Results(firstTicket: overdue.ticket, outputs: [outcome])) { _ in }
      stage.settle(1, bytes: overdue.call.grantedByteCount, released: overdue.call.item.byteCount, made: 0)
      stage.scheduler.abandon(lane: overdue.lane, in: stage.number)
      stage.signal()
    }
  }

  // MARK: Results

  func withWorkload<Result: Sendable>(
    _ body: (inout Workload<Call, Handover.Outcome>) -> sending Result
  ) -> Result {
    state.withLock { body(&$0.workload) }
  }

  func handOn(_ results: SampleChunk.Results) { handOn(results) { _ in } }

  /// Hands results on, and after the last of an epoch its ending.
  private func handOn(_ results: SampleChunk.Results, closing: (inout State) -> Void) {
    output.fill(results.firstTicket, results.outputs)
    let finished: Ending? = state.withLock { state in
      closing(&state)
      state.workload.handedOn(results.outputs.reduce(0) { $1.isPending ? $0 : $0 + 1 })
      return state.endingToPass()
    }
    if let finished { output.finish(finished) }
  }
}
