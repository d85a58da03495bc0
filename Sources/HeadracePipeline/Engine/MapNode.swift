import HeadraceCore
import Synchronization

/// A stage that makes one or no result of each sample: `map` and `filter`.
final class MapNode: ChunkedNode {
  typealias SampleChunk = Chunk<Item, Handover.Outcome>

  private struct State {
    var workload: Workload<Item, Handover.Outcome> = Workload()
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
  private let transform: @Sendable (AnySample) throws -> AnySample?
  private let state = Mutex(State())

  init(
    input: HandoverQueue, output: HandoverQueue, stage: StageContext,
    transform: @escaping @Sendable (AnySample) throws -> AnySample?
  ) {
    self.input = input
    self.output = output
    self.stage = stage
    self.transform = transform
  }

  /// Reserves room, then takes as much input: in one step, so that places and samples keep the same order.
  func takeIn() -> Intake<Item, Handover.Outcome> {
    var finished: Ending?
    let intake: Intake<Item, Handover.Outcome> = state.withLock { state in
      if state.hasFinished { return .idle(.finished) }
      if let chunk = state.workload.takeReturned() { return .work(chunk, hasMore: true) }
      if state.ending != nil { return .idle(.starved) }
      let size = state.workload.chunkSize
      let (ticket, room) = output.reserve(size, chunk: size)
      guard room > 0 else { return .idle(.blocked) }
      let taken = input.take(room, chunk: size)
      output.unreserve(room - taken.items.count)
      state.ending = taken.ending
      // With the lock held, which is what keeps the order.
      stage.report(taken.skipped)
      if taken.items.isEmpty {
        finished = state.endingToPass()
        return .idle(state.hasFinished ? .finished : .starved)
      }
      return .work(state.workload.takeIn(firstTicket: ticket, tasks: taken.items), hasMore: taken.hasMore)
    }
    if let finished { output.finish(finished) }
    return intake
  }

  /// Calls the closure for each sample that the chunk is left with, until the run is stopped.
  func work(_ chunk: SampleChunk, lane: Int) {
    let begin = Clock.now
    var calls = 0
    var failures = 0
    var filtered = 0
    let results = chunk.run { item in
      if stage.scheduler.isDraining { return nil }
      stage.begin(lane: lane, item)
      let outcome = apply(item)
      switch outcome {
      case .value: break
      case .nothing: filtered += 1
      case .failed: failures += 1
      }
      calls += 1
      return outcome
    }
    let nanoseconds = Clock.now - begin
    stage.metrics.record(tasks: calls, failures: failures, filtered: filtered, nanoseconds: nanoseconds)
    handOn(results) { $0.close(chunk, samples: calls, nanoseconds: nanoseconds) }
  }

  private func apply(_ item: Item) -> Handover.Outcome {
    do {
      guard let value = try transform(item.value) else { return .nothing }
      return .value(Item(position: item.position, label: item.label, value: value))
    } catch {
      return .failed(stage.failure(error, position: item.position, label: item.label))
    }
  }

  func withWorkload<Result: Sendable>(
    _ body: (inout Workload<Item, Handover.Outcome>) -> sending Result
  ) -> Result {
    state.withLock { body(&$0.workload) }
  }

  func handOn(_ results: SampleChunk.Results) { handOn(results) { _ in } }

  /// Hands results on, and after the last of an epoch its ending.
  private func handOn(_ results: SampleChunk.Results, closing: (inout Workload<Item, Handover.Outcome>) -> Void) {
    output.fill(results.firstTicket, results.outputs)
    let finished: Ending? = state.withLock { state in
      closing(&state.workload)
      state.workload.handedOn(results)
      return state.endingToPass()
    }
    if let finished { output.finish(finished) }
  }
}
