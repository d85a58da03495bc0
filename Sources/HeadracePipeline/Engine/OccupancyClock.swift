import Synchronization

/// In how much time something waited at the queues behind a stage, of all epochs and all outputs together: where
/// several have something at once, the time counts once.
final class OccupancyClock: Sendable {
  private struct State {
    /// Queues that have something.
    var occupiedCount = 0
    var nanoseconds: UInt64 = 0
    /// Until when `nanoseconds` is complete.
    var since: UInt64 = 0

    /// Whoever waited for the lock can come with an earlier time than was counted: that takes nothing back.
    mutating func advance(to now: UInt64) {
      guard now > since else { return }
      if occupiedCount > 0 { nanoseconds += now - since }
      since = now
    }
  }

  private let state = Mutex(State())

  /// A queue that had nothing has something to be taken.
  func begin(now: UInt64) {
    state.withLock { state in
      state.advance(to: now)
      state.occupiedCount += 1
    }
  }

  /// It has nothing any more.
  func end(now: UInt64) {
    state.withLock { state in
      state.advance(to: now)
      state.occupiedCount -= 1
    }
  }

  /// Nanoseconds in which any queue had something, until `now`. Never less than at an earlier look.
  func nanoseconds(until now: UInt64) -> UInt64 {
    state.withLock { state in
      state.advance(to: now)
      return state.nanoseconds
    }
  }
}
