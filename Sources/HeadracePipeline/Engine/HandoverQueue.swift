import HeadraceCore
import HeadraceSystem
import Synchronization

/// A `Handover` that two stages share, and the wake-ups between them.
final class HandoverQueue: Sendable {
  private struct State {
    var handover: Handover
    /// Whether `occupancy` has been told that something can be taken.
    var isOccupied = false
    /// It is not to be told any more.
    var isOver = false
  }

  private let state: Mutex<State>
  private let scheduler: Scheduler
  /// The stages on both sides, as the scheduler knows them; no consumer where the pipeline ends.
  private let producer: Int
  private let consumer: Int?
  /// Wakes who takes what comes out at the end of the pipeline.
  private let wakeOutside: (@Sendable () -> Void)?
  /// Is told of bytes that are in flight no longer. Returns the stages to signal.
  private let release: (@Sendable (Int) -> Set<Int>)?
  /// Is told when something can be taken, and when nothing can any more.
  private let occupancy: OccupancyClock?
  /// What went through the queue in whose place this one is.
  private let earlierFlow: QueueFlow

  init(
    state: consuming sending Handover, scheduler: Scheduler, producer: Int, consumer: Int?,
    occupancy: OccupancyClock? = nil, earlierFlow: QueueFlow = QueueFlow(),
    wakeOutside: (@Sendable () -> Void)? = nil, release: (@Sendable (Int) -> Set<Int>)? = nil
  ) {
    self.state = Mutex(State(handover: state))
    self.occupancy = occupancy
    self.earlierFlow = earlierFlow
    self.scheduler = scheduler
    self.producer = producer
    self.consumer = consumer
    self.wakeOutside = wakeOutside
    self.release = release
  }

  deinit { endOccupancy() }

  /// Changes what waits, and tells whether anything does.
  private func change<Result>(now: UInt64, _ body: (inout Handover) -> sending Result) -> sending Result {
    state.withLock { state in
      let result = body(&state.handover)
      noteOccupancy(&state, now: now)
      return result
    }
  }

  private func noteOccupancy(_ state: inout State, now: UInt64) {
    guard let occupancy else { return }
    let isOccupied = !state.isOver && state.handover.waitingCount > 0
    if isOccupied != state.isOccupied {
      state.isOccupied = isOccupied
      if isOccupied { occupancy.begin(now: now) } else { occupancy.end(now: now) }
    }
  }

  /// The epoch is over: from now on what waits does not count as something to be taken.
  func endOccupancy() {
    let now = MonotonicClock.now
    state.withLock { state in
      state.isOver = true
      noteOccupancy(&state, now: now)
    }
  }

  // MARK: Producer

  func reserve(_ count: Int, chunk: Int) -> Handover.Reservation {
    state.withLock { $0.handover.reserve(count, chunk: chunk) }
  }

  /// Sets the bounds, and wakes the producer if there are more places now.
  func setCapacity(_ bounds: QueueBounds) {
    let hasGrown = state.withLock { state in
      let before = state.handover.capacity
      state.handover.setCapacity(fixed: bounds.fixed, minimum: bounds.minimum)
      return state.handover.capacity > before
    }
    if hasGrown { scheduler.signal(producer) }
  }

  func unreserve(_ count: Int) {
    if count > 0 { state.withLock { $0.handover.unreserve(count) } }
  }

  /// Takes the outcomes over: the array is empty afterwards. So whoever hands them on has none of them any more, and a
  /// stage that is done with a sample knows that its bytes are free.
  func fill(_ ticket: Int, _ outcomes: inout [Handover.Outcome]) {
    if outcomes.isEmpty { return }
    let now = MonotonicClock.now
    let isReady = change(now: now) { handover in
      handover.fill(ticket, &outcomes, now: now)
      return handover.isReady
    }
    if isReady { wakeConsumer() }
    tellOfDropped()
  }

  /// Adds to a place that stays open. Returns how many of its results wait.
  func add(_ outcome: Handover.Outcome, to ticket: Int) -> Int {
    let now = MonotonicClock.now
    let (count, isReady) = change(now: now) { handover in
      (handover.add(outcome, to: ticket, now: now), handover.isReady)
    }
    if isReady { wakeConsumer() }
    tellOfDropped()
    return count
  }

  func partCount(of ticket: Int) -> (count: Int, isFront: Bool) {
    state.withLock { $0.handover.partCount(of: ticket) }
  }

  func finish(_ ending: Ending) {
    state.withLock { $0.handover.finish(ending) }
    wakeConsumer()
  }

  private func wakeConsumer() {
    if let consumer { scheduler.signal(consumer) } else { wakeOutside?() }
  }

  // MARK: Consumer

  var isReady: Bool { state.withLock { $0.handover.isReady } }

  /// Takes up to `count` items, and wakes the producer for the places that this frees.
  func take(_ count: Int, chunk: Int) -> Handover.Taken {
    let now = MonotonicClock.now
    var refused: Set<Int> = []
    let taken = change(now: now) { handover in
      let taken = handover.take(count, chunk: chunk, now: now)
      // Whoever takes from the end of the pipeline counts no bytes: what leaves it is no longer in flight. With the
      // lock held, since nobody may find the queue empty and its bytes still counted.
      if consumer == nil, let release { refused = release(taken.items.reduce(0) { $0 + $1.byteCount }) }
      return taken
    }
    if taken.freedPlaces { scheduler.signal(producer) }
    // Who was refused bytes because something waited here looks again, also where that was no item: of those that are
    // worked on from here, their stage tells itself.
    if consumer != nil, taken.freedPlaces, let release { refused = release(0) }
    for stage in refused { scheduler.signal(stage) }
    if taken.ending.isFailure { tellOfDropped() }
    return taken
  }

  /// Nobody wants more: the producer is told, and what it still makes is dropped.
  func cancel() {
    change(now: MonotonicClock.now) { $0.cancel() }
    tellOfDropped()
    scheduler.signal(producer)
  }

  private func tellOfDropped() {
    guard let release else { return }
    let byteCount = state.withLock { $0.handover.takeDropped() }
    if byteCount > 0 { for stage in release(byteCount) { scheduler.signal(stage) } }
  }

  // MARK: Looked at by others

  /// Nobody wants more.
  var isCancelled: Bool { state.withLock { $0.handover.isCancelled } }

  /// Whether anything can be taken: what waits for a place before it cannot.
  var hasItems: Bool { state.withLock { $0.handover.waitingCount > 0 } }

  /// What went through until now, here and in the queues in whose place it is.
  var flow: QueueFlow {
    let now = MonotonicClock.now
    return state.withLock { earlierFlow + $0.handover.lookAtFlow(now: now) }
  }

  var waitingByteCount: Int { state.withLock { $0.handover.waitingByteCount } }
}
