import HeadraceCore
import HeadraceSystem
import Synchronization

/// A stage that keeps what comes in the first epoch, and hands it on in those that follow without asking for it again.
final class CacheNode: StageNode {
  /// What the epochs of a run share.
  final class Memory: Sendable {
    let store: any CacheStore
    let state = Mutex(CacheState())

    init(_ store: any CacheStore) {
      self.store = store
    }
  }

  private struct State {
    var role: CacheState.Role?
    var replay: (() throws(HeadraceError) -> Item?)?
    /// What it fills, if that is its role.
    var filling: (any CacheFilling)?
    var isOver = false
  }

  private let memory: Memory
  private let input: HandoverQueue
  private let output: HandoverQueue
  private let stage: StageContext
  private let state = Mutex(Disconnected(State()))
  /// Read and written with the memory's state locked. From then on what this node does is nobody's business: another
  /// epoch may be at work on the cache while a lane finishes its slice here.
  private let isCancelled = Atomic<Bool>(false)

  /// Items that are handed on at once.
  private static let chunkSize = 64

  init(_ memory: Memory, _ assembly: StageAssembly) {
    self.memory = memory
    input = assembly.inputs[0]
    output = assembly.outputs[0]
    stage = assembly.stage
  }

  func runSlice(lane: Int) -> SliceResult {
    state.withLock { box in
      let start = MonotonicClock.now
      while MonotonicClock.now - start < StageContext.sliceNanoseconds {
        if box.value.isOver || stage.isDraining { return .finished }
        do throws(HeadraceError) {
          if let reason = try step(&box.value, lane: lane) { return reason }
        } catch {
          var named = error
          named.stage = named.stage ?? stage.description.name
          end(&box.value, .failure(named), .empty)
          return .finished
        }
      }
      return .again
    }
  }

  /// Returns why the slice ends, if it does.
  private func step(_ state: inout State, lane: Int) throws(HeadraceError) -> SliceResult? {
    if state.role == nil {
      state.role = role { $0.role(of: stage.epoch, stage: stage.number) }
      if state.role == .fill || state.role == .replay { state.replay = try memory.store.open() }
      if state.role == .fill, state.replay != nil {
        // An earlier run has left it.
        state.role = .replay
        settle(.whole)
      } else if state.role == .replay, state.replay == nil {
        // Somebody has deleted it.
        state.role = role { $0.refill(stage.epoch, stage: stage.number) }
      }
      if state.role == .fill { state.filling = try memory.store.fill() }
      if state.role == .replay { input.cancel() }
    }
    guard let role = state.role else { return .starved }
    let place = output.reserve(Self.chunkSize, chunk: Self.chunkSize)
    if place.isCancelled {
      end(&state, .endOfEpoch, .empty)
      return .finished
    }
    guard place.count > 0 else { return .blocked }
    return role == .replay ? try replay(place, &state) : pass(place, &state, lane: lane)
  }

  private func replay(_ place: Handover.Reservation, _ state: inout State) throws(HeadraceError) -> SliceResult? {
    let begin = MonotonicClock.now
    let bytes = stage.largestByteCount
    let granted = stage.grant(place.count, bytes: bytes)
    output.unreserve(place.count - granted)
    guard granted > 0 else { return .blocked }
    var outcomes: [Handover.Outcome] = []
    var byteCount = 0
    var failure: HeadraceError?
    var hasEnded = false
    while outcomes.count < granted, failure == nil, !hasEnded {
      do throws(HeadraceError) {
        if let item = try state.replay?() {
          byteCount += item.byteCount
          stage.metrics.recordResult(byteCount: item.byteCount)
          outcomes.append(.value(item))
        } else {
          hasEnded = true
        }
      } catch {
        failure = error
      }
    }
    let count = outcomes.count
    output.unreserve(granted - count)
    stage.settle(granted, bytes: bytes ?? 0, released: 0, made: byteCount)
    output.fill(place.ticket, &outcomes)
    stage.metrics.record(tasks: count, failures: 0, filtered: 0, nanoseconds: MonotonicClock.now - begin)
    if let failure { throw failure }
    guard hasEnded else { return nil }
    end(&state, .endOfEpoch, nil)
    return .finished
  }

  private func pass(_ place: Handover.Reservation, _ state: inout State, lane: Int) -> SliceResult? {
    let begin = MonotonicClock.now
    stage.hold(1)
    var taken = input.take(place.count, chunk: Self.chunkSize)
    stage.report(taken.skipped)
    if state.role == .fill {
      for item in taken.items where !item.isMark {
        // To store it is users' code.
        stage.begin(lane: lane, item)
        if state.filling?.append(item) == true { continue }
        tell(state.filling?.problem)
        state.role = .pass
        state.filling = nil
        settle(.givenUp)
        break
      }
    }
    let count = taken.items.count
    output.unreserve(place.count - count)
    var outcomes = taken.takeOutcomes()
    output.fill(place.ticket, &outcomes)
    stage.settle(1, released: 0, made: 0)
    stage.metrics.record(tasks: count, failures: 0, filtered: 0, nanoseconds: MonotonicClock.now - begin)
    guard let ending = taken.ending else { return count == 0 ? .starved : nil }
    // A queue that a repeat has cancelled, to begin anew, ends as one that has given all it had.
    let isAll = !ending.isFailure && !input.isCancelled
    let isKept = state.role == .fill && isAll && state.filling?.finish() == true
    tell(state.filling?.problem)
    end(&state, ending, isKept ? .whole : .empty)
    return .finished
  }

  /// Tells why nothing is kept.
  private func tell(_ problem: HeadraceError?) {
    guard var problem else { return }
    problem.stage = problem.stage ?? stage.description.name
    stage.tell(.gaveUp(problem))
  }

  /// - Parameter result: what has become of the cache, if this epoch was to fill it.
  private func end(_ state: inout State, _ ending: Ending, _ result: CacheState.Phase?) {
    state.isOver = true
    state.replay = nil
    state.filling = nil
    if state.role == .fill, let result { settle(result) }
    output.finish(ending)
    if state.role != .replay, !ending.isFailure { input.cancel() }
  }

  func cancel() {
    // An epoch that was stopped: whoever waits for it to fill the cache does so itself.
    let waiting: Set<Int> = memory.state.withLock { state in
      if isCancelled.exchange(true, ordering: .relaxed) { return [] }
      return state.settle(.empty, by: stage.epoch)
    }
    signal(waiting)
  }

  private func role(_ ask: (inout CacheState) -> CacheState.Role?) -> CacheState.Role? {
    memory.state.withLock { isCancelled.load(ordering: .relaxed) ? .pass : ask(&$0) }
  }

  private func settle(_ result: CacheState.Phase) {
    signal(
      memory.state.withLock { isCancelled.load(ordering: .relaxed) ? [] : $0.settle(result, by: stage.epoch) })
  }

  private func signal(_ stages: Set<Int>) {
    for stage in stages { self.stage.scheduler.signal(stage) }
  }
}
