import HeadraceCore
import Synchronization

/// A `Handover` that two stages share, and the wake-ups between them.
final class HandoverQueue: Sendable {
  private let state: Mutex<Handover>
  private let scheduler: Scheduler
  private let producer: Int

  init(state: consuming sending Handover, scheduler: Scheduler, producer: Int) {
    self.state = Mutex(state)
    self.scheduler = scheduler
    self.producer = producer
  }

  // MARK: Producer

  func reserve(_ count: Int, chunk: Int) -> (ticket: Int, count: Int) {
    state.withLock { $0.reserve(count, chunk: chunk) }
  }

  func unreserve(_ count: Int) {
    if count > 0 { state.withLock { $0.unreserve(count) } }
  }

  func fill(_ ticket: Int, _ outcomes: [Handover.Outcome]) {
    if outcomes.isEmpty { return }
    let isReady = state.withLock { state in
      state.fill(ticket, outcomes)
      return state.isReady
    }
    if isReady { scheduler.signal(producer + 1) }
  }

  func finish(_ ending: Ending) {
    state.withLock { $0.finish(ending) }
    scheduler.signal(producer + 1)
  }

  // MARK: Consumer

  var isReady: Bool { state.withLock { $0.isReady } }

  /// Takes up to `count` items, and wakes the producer for the places that this frees.
  func take(_ count: Int, chunk: Int) -> Handover.Taken {
    let taken = state.withLock { $0.take(count, chunk: chunk) }
    if taken.freedPlaces { scheduler.signal(producer) }
    return taken
  }
}
