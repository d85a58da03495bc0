import HeadraceSystem
import Synchronization

/// A stage that hands on what comes, and when that has ended lets all stages before it begin again, until it has gone
/// through them as often as it should.
final class RepeatNode: StageNode {
  private struct State {
    var input: HandoverQueue
    var pass = 0
    var isOver = false
  }

  private let passCount: Int
  private let output: HandoverQueue
  private let stage: StageContext
  private let state: Mutex<State>

  /// Items that are handed on at once.
  private static let chunkSize = 64

  /// - Parameter passCount: passes through what is before it.
  init(passCount: Int, _ assembly: StageAssembly) {
    self.passCount = passCount
    output = assembly.outputs[0]
    stage = assembly.stage
    state = Mutex(State(input: assembly.inputs[0]))
  }

  func runSlice(lane: Int) -> SliceResult {
    state.withLock { state in
      let start = MonotonicClock.now
      while MonotonicClock.now - start < StageContext.sliceNanoseconds {
        if state.isOver || stage.isDraining { return .finished }
        let place = output.reserve(Self.chunkSize, chunk: Self.chunkSize)
        if place.isCancelled {
          state.isOver = true
          state.input.cancel()
          return .finished
        }
        guard place.count > 0 else { return .blocked }
        let begin = MonotonicClock.now
        stage.hold(1)
        var taken = state.input.take(place.count, chunk: Self.chunkSize)
        let count = taken.items.count
        stage.report(taken.skipped)
        output.unreserve(place.count - count)
        var outcomes = taken.takeOutcomes()
        output.fill(place.ticket, &outcomes)
        stage.settle(1, released: 0, made: 0)
        stage.metrics.record(tasks: count, failures: 0, filtered: 0, nanoseconds: MonotonicClock.now - begin)
        guard let ending = taken.ending else {
          if count == 0 { return .starved }
          continue
        }
        state.pass += 1
        // A queue that a repeat around this one has cancelled, to begin anew, ends as one that has given all it had;
        // what is built by now is that one's.
        guard !ending.isFailure, state.pass < passCount, !state.input.isCancelled else {
          state.isOver = true
          output.finish(ending)
          return .finished
        }
        state.input = stage.rebuild(state.pass)
      }
      return .again
    }
  }
}
