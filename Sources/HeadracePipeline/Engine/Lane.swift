import Dispatch
import Synchronization

/// One thread's place to wait for work: it sleeps until there is some, and costs nothing meanwhile.
final class Lane: Sendable {
  private struct State {
    var work: (@Sendable () -> Void)?
    var hasEnded = false
  }

  private let state = Mutex(State())
  /// Raised once for each `start`, and for `end`.
  private let wake = DispatchSemaphore(value: 0)

  /// Does what `start` hands over, one after the other, until `end`. The body of the lane's thread.
  func serve() {
    while true {
      wake.wait()
      guard let work = takeWork() else { return }
      work()
    }
  }

  func start(_ work: @escaping @Sendable () -> Void) {
    state.withLock { state in
      precondition(state.work == nil && !state.hasEnded, "a lane is started that is not idle")
      state.work = work
    }
    wake.signal()
  }

  /// Lets the thread end when it is idle.
  func end() {
    state.withLock { $0.hasEnded = true }
    wake.signal()
  }

  /// Nil once the lane has ended and all that was started is done.
  private func takeWork() -> (@Sendable () -> Void)? {
    state.withLock { state in
      defer { state.work = nil }
      return state.work
    }
  }
}
