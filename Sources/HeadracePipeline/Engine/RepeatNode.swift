import Synchronization

/// A stage that hands on what comes, and when that has ended lets all stages before it begin again, until it has gone
/// through them as often as it should.
final class RepeatNode: StageNode {
  private struct State {
    var input: HandoverQueue
    var pass = 0
    var isOver = false
  }

  private let count: Int
  private let output: HandoverQueue
  private let stage: StageContext
  private let state: Mutex<State>

  /// Items that are handed on at once.
  private static let chunkSize = 64

  /// - Parameter count: passes through what is before it.
  init(count: Int, _ assembly: StageAssembly) {
    self.count = count
    output = assembly.outputs[0]
    stage = assembly.stage
    state = Mutex(State(input: assembly.inputs[0]))
  }

  func runSlice(lane: Int) -> SliceResult {
    state.withLock { state in
      let start = Clock.now
      while Clock.now - start < StageContext.sliceNanoseconds {
        if state.isOver || stage.isDraining { return .finished }
        let place = output.reserve(Self.chunkSize, chunk: Self.chunkSize)
        if place.isCancelled {
          state.isOver = true
          state.input.cancel()
          return .finished
        }
        guard place.count > 0 else { return .blocked }
        let begin = Clock.now
        let taken = state.input.take(place.count, chunk: Self.chunkSize)
        stage.report(taken.skipped)
        output.unreserve(place.count - taken.items.count)
        output.fill(place.ticket, taken.items.map(Handover.Outcome.value))
        stage.metrics.record(tasks: taken.items.count, failures: 0, filtered: 0, nanoseconds: Clock.now - begin)
        guard let ending = taken.ending else {
          if taken.items.isEmpty { return .starved }
          continue
        }
        state.pass += 1
        guard !ending.isFailure, state.pass < count else {
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
