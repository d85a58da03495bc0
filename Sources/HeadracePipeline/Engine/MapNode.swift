import HeadraceCore
import Synchronization

/// A stage that makes one or no result of each sample: `map` and `filter`.
final class MapNode: StageNode {
  private struct State {
    var run = RunLength()
    var inFlight = 0
    var ending: Ending?
    var hasFinished = false

    /// The ending, once, when nothing is in flight any more.
    mutating func endingToPass() -> Ending? {
      guard let ending, inFlight == 0, !hasFinished else { return nil }
      hasFinished = true
      return ending
    }
  }

  /// A run of samples that one lane works on.
  private struct Intake {
    var ticket = 0
    var items: [Item<AnySample>] = []
    var hasMore = false
    var idle: SliceResult?
  }

  private let input: HandoverQueue<AnySample>
  private let output: HandoverQueue<AnySample>
  private let stage: StageContext
  private let transform: @Sendable (AnySample) throws -> AnySample?
  private let state = Mutex(State())

  init(
    input: HandoverQueue<AnySample>, output: HandoverQueue<AnySample>, stage: StageContext,
    transform: @escaping @Sendable (AnySample) throws -> AnySample?
  ) {
    self.input = input
    self.output = output
    self.stage = stage
    self.transform = transform
  }

  func runSlice(lane: Int) -> SliceResult {
    let start = Clock.now
    while true {
      if stage.scheduler.isDraining { return .finished }
      let intake = takeIn()
      if let idle = intake.idle { return idle }
      // Work is left for another lane: wake it before starting on ours.
      if intake.hasMore && stage.description.concurrency > 1 { stage.scheduler.signal(stage.index) }
      stage.begin(lane: lane, intake.items[0])
      let begin = Clock.now
      let (outcomes, failures, filtered) = apply(intake.items)
      let end = Clock.now
      stage.metrics.record(
        tasks: outcomes.count, failures: failures, filtered: filtered, nanoseconds: end - begin)
      let count = outcomes.count
      if count < intake.items.count { return .finished }
      output.fill(intake.ticket, outcomes)
      let finished: Ending? = state.withLock { state in
        state.inFlight -= count
        state.run.adapt(samples: count, nanoseconds: end - begin)
        return state.endingToPass()
      }
      if let finished {
        output.finish(finished)
        return .finished
      }
      if end - start > StageContext.sliceNanoseconds { return .again }
    }
  }

  /// Reserves room, then takes as much input: in one step, so that places and samples keep the same order.
  private func takeIn() -> Intake {
    var finished: Ending?
    let intake: Intake = state.withLock { state in
      var intake = Intake()
      if state.ending != nil {
        intake.idle = .finished
        return intake
      }
      let run = state.run.count
      let (ticket, room) = output.reserve(run, run: run)
      guard room > 0 else {
        intake.idle = .blocked
        return intake
      }
      let taken = input.take(room, run: run)
      output.unreserve(room - taken.items.count)
      state.ending = taken.ending
      state.inFlight += taken.items.count
      intake.ticket = ticket
      intake.items = taken.items
      // With the lock held, which is what keeps the order.
      stage.report(taken.skipped)
      intake.hasMore = taken.hasMore
      if taken.items.isEmpty {
        finished = state.endingToPass()
        intake.idle = state.ending == nil ? .starved : .finished
      }
      return intake
    }
    if let finished { output.finish(finished) }
    return intake
  }

  /// Calls the closure for each sample, until the run is stopped.
  private func apply(_ items: [Item<AnySample>]) -> ([Handover<AnySample>.Outcome], failures: Int, filtered: Int) {
    var outcomes: [Handover<AnySample>.Outcome] = []
    outcomes.reserveCapacity(items.count)
    var failures = 0
    var filtered = 0
    for item in items where !stage.scheduler.isDraining {
      do {
        if let value = try transform(item.value) {
          outcomes.append(.value(Item(position: item.position, label: item.label, value: value)))
        } else {
          filtered += 1
          outcomes.append(.nothing)
        }
      } catch {
        failures += 1
        outcomes.append(.failed(stage.failure(error, position: item.position, label: item.label)))
      }
    }
    return (outcomes, failures, filtered)
  }
}
