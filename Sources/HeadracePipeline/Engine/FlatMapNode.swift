import HeadraceCore
import HeadraceSystem
import Synchronization

/// A stage that makes any number of results of each sample, one after the other as there is room for them.
///
/// Up to `concurrency` samples are open at one time. With `.input` the results of the first of them leave at once, and
/// of each of the others some are made ahead.
final class FlatMapNode: StageNode {
  /// Gives the results of one sample.
  typealias Results = () throws -> AnySample?

  /// A sample whose results are being made. Worked on by the lane that took it out of `parked`.
  private final class Expansion: @unchecked Sendable {
    let item: Item
    let ticket: Int
    /// Bytes that were granted for its next result, by who gave it to a lane.
    var grantedByteCount = 0
    /// nil until the closure has been called.
    var results: Results?

    init(_ item: Item, ticket: Int) {
      self.item = item
      self.ticket = ticket
    }
  }

  private struct State {
    /// Samples that nobody is working on, in order.
    var parked: [Expansion] = []
    var openCount = 0
    var ending: Ending?
    var hasFinished = false

    mutating func endingToPass() -> Ending? {
      guard let ending, openCount == 0, !hasFinished else { return nil }
      hasFinished = true
      return ending
    }
  }

  private enum Turn {
    case work(Expansion, room: Int)
    case idle(SliceResult)
  }

  private let input: HandoverQueue
  private let output: HandoverQueue
  private let stage: StageContext
  private let open: @Sendable (Item) throws -> Results
  private let makeItem: @Sendable (AnySample, Item) -> Item
  private let state = Mutex(State())

  /// Results of one sample that may wait.
  private static let partLimit = 16

  init(
    _ assembly: StageAssembly, makeItem: @escaping @Sendable (AnySample, Item) -> Item,
    open: @escaping @Sendable (Item) throws -> Results
  ) {
    input = assembly.inputs[0]
    output = assembly.outputs[0]
    stage = assembly.stage
    self.makeItem = makeItem
    self.open = open
  }

  func runSlice(lane: Int) -> SliceResult {
    let start = MonotonicClock.now
    while true {
      if stage.isDraining { return .finished }
      switch takeTurn() {
      case .idle(let reason): return reason
      case .work(let expansion, let room):
        // There may be a turn for another lane.
        if stage.concurrency > 1 { stage.signal() }
        work(expansion, room: room, lane: lane)
        if MonotonicClock.now - start > StageContext.sliceNanoseconds { return .again }
      }
    }
  }

  private func takeTurn() -> Turn {
    var finished: Ending?
    var isCancelled = false
    let turn: Turn = state.withLock { state in
      if state.hasFinished { return .idle(.finished) }
      if output.isCancelled {
        isCancelled = true
        leave(&state)
        return .idle(.finished)
      }
      for (place, expansion) in state.parked.enumerated() {
        let part = output.partCount(of: expansion.ticket)
        let room = Self.partLimit - part.count
        guard room > 0 else { continue }
        let bytes = stage.largestByteCount
        guard stage.grant(1, bytes: bytes, leavesFirst: part.isFront) > 0 else { return .idle(.blocked) }
        expansion.grantedByteCount = bytes ?? 0
        state.parked.remove(at: place)
        return .work(expansion, room: room)
      }
      if state.ending != nil || state.openCount >= stage.concurrency {
        return .idle(state.parked.isEmpty ? .starved : .blocked)
      }
      let place = output.reserve(1, chunk: 1)
      guard place.count > 0 else { return .idle(place.isCancelled ? .finished : .blocked) }
      let bytes = stage.largestByteCount
      let granted = input.isReady ? stage.grant(1, bytes: bytes, leavesFirst: state.openCount == 0) : 0
      let taken = input.take(granted, chunk: 1)
      stage.report(taken.skipped)
      state.ending = taken.ending
      guard let item = taken.items.first else {
        output.unreserve(1)
        // Of nothing it would signal those that were refused, of which this stage may be one, for ever.
        if granted > 0 { stage.settle(granted, bytes: bytes ?? 0, released: 0, made: 0) }
        finished = state.endingToPass()
        return .idle(state.hasFinished ? .finished : taken.hasMore ? .blocked : .starved)
      }
      state.openCount += 1
      let expansion = Expansion(item, ticket: place.ticket)
      expansion.grantedByteCount = bytes ?? 0
      return .work(expansion, room: Self.partLimit)
    }
    if let finished { output.finish(finished) }
    if isCancelled { input.cancel() }
    return turn
  }

  /// Nobody wants more: what no lane works on is in flight no longer. A sequence may have no end.
  private func leave(_ state: inout State) {
    state.hasFinished = true
    stage.settle(released: state.parked.reduce(0) { $0 + $1.item.byteCount }, made: 0)
    state.openCount -= state.parked.count
    state.parked = []
  }

  func cancel() { state.withLock { leave(&$0) } }

  /// Makes results as long as there is room for them and their bytes, then leaves the sample to whoever comes next. The
  /// bytes of the first have been granted.
  private func work(_ expansion: Expansion, room: Int, lane: Int) {
    if expansion.item.isMark {
      stage.settle(1, bytes: expansion.grantedByteCount, released: 0, made: 0)
      return close(expansion, .value(expansion.item))
    }
    let turn = stage.beginCall(lane: lane, expansion.item)
    if case .convicted(let error) = turn {
      stage.settle(1, bytes: expansion.grantedByteCount, released: 0, made: 0)
      stage.metrics.record(tasks: 1, failures: 1, filtered: 0, nanoseconds: 0)
      return close(expansion, .failed(stage.failure(error, of: expansion.item)))
    }
    let task = stage.beginTask(expansion.item.position, expansion.item.label)
    var failure: (any Error)?
    let begin = MonotonicClock.now
    var made = 0
    var last: Handover.Outcome?
    var bytes = expansion.grantedByteCount
    // Granted and not made yet: 1 or 0.
    var granted = 1
    do {
      let results = try expansion.results ?? open(expansion.item)
      expansion.results = results
      while made < room, !stage.isDraining {
        if granted == 0 {
          let largest = stage.largestByteCount
          granted = stage.grant(
            1, bytes: largest, leavesFirst: stage.budget == nil || output.partCount(of: expansion.ticket).isFront)
          bytes = largest ?? 0
        }
        if granted == 0 { break }
        guard let value = try results() else {
          last = .nothing
          break
        }
        made += 1
        let item = makeItem(value, expansion.item)
        stage.metrics.recordResult(byteCount: item.byteCount)
        stage.settle(1, bytes: bytes, released: 0, made: item.byteCount)
        granted = 0
        if output.add(.value(item), to: expansion.ticket) >= Self.partLimit { break }
      }
    } catch {
      failure = error
      last = .failed(stage.failure(error, of: expansion.item))
    }
    stage.endCall(turn, lane: lane, expansion.item.position, isDone: last != nil)
    task?.end(failure.map(TaskEvent.Outcome.failed) ?? .done)
    if granted > 0 { stage.settle(granted, bytes: bytes, released: 0, made: 0) }
    stage.metrics.record(
      tasks: last == nil ? made : made + 1, failures: last?.isFailure == true ? 1 : 0, filtered: 0,
      nanoseconds: MonotonicClock.now - begin)
    if let last { close(expansion, last) } else { park(expansion) }
  }

  private func park(_ expansion: Expansion) {
    let isWanted = state.withLock { state in
      guard !state.hasFinished else {
        state.openCount -= 1
        return false
      }
      let place = state.parked.firstIndex { $0.ticket > expansion.ticket } ?? state.parked.endIndex
      state.parked.insert(expansion, at: place)
      return true
    }
    guard isWanted else { return stage.settle(released: expansion.item.byteCount, made: 0) }
    // The consumer may have made room between the last result and this.
    stage.signal()
  }

  private func close(_ expansion: Expansion, _ last: Handover.Outcome) {
    var outcomes = [last]
    output.fill(expansion.ticket, &outcomes)
    stage.settle(released: expansion.item.byteCount, made: 0)
    let finished: Ending? = state.withLock { state in
      state.openCount -= 1
      return state.endingToPass()
    }
    if let finished { output.finish(finished) }
  }
}
