import Dispatch
import HeadraceSystem
import Synchronization

/// The engine's clock: one thread that sleeps until something is due, and does it.
///
/// What it does must be quick: a signal, or a look at what is overdue.
final class Alarm: Sendable {
  private struct Entry {
    let due: UInt64
    let action: @Sendable () -> Void
  }

  private struct State {
    /// The next one last.
    var entries: [Entry] = []
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)

  /// Calls `action` once, as soon as `due` is past.
  ///
  /// - Parameter due: on the engine's clock, in nanoseconds.
  func call(at due: UInt64, _ action: @escaping @Sendable () -> Void) {
    let isNext = state.withLock { state in
      let place = state.entries.firstIndex { $0.due <= due } ?? state.entries.endIndex
      state.entries.insert(Entry(due: due, action: action), at: place)
      return place == state.entries.count - 1
    }
    if isNext { wake.signal() }
  }

  /// Lets the thread end, and forgets what is not due yet.
  func end() {
    let dropped = state.withLock { state in
      state.hasEnded = true
      defer { state.entries = [] }
      return state.entries
    }
    _ = dropped
    wake.signal()
  }

  /// Does what is due, until `end`. The body of the alarm's thread.
  func serve() {
    while true {
      let (actions, next, hasEnded) = takeDue()
      if hasEnded { return }
      for action in actions { action() }
      guard actions.isEmpty else { continue }
      if let next {
        _ = wake.wait(timeout: DispatchTime(uptimeNanoseconds: next))
      } else {
        wake.wait()
      }
    }
  }

  private func takeDue() -> (actions: [@Sendable () -> Void], next: UInt64?, hasEnded: Bool) {
    let now = MonotonicClock.now
    return state.withLock { state in
      var actions: [@Sendable () -> Void] = []
      while let entry = state.entries.last, entry.due <= now {
        actions.append(entry.action)
        state.entries.removeLast()
      }
      return (actions, state.entries.last?.due, state.hasEnded)
    }
  }
}
