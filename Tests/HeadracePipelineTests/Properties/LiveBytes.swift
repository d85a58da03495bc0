import Dispatch
import Synchronization

/// Counts the bytes of all samples that are alive, and the most there were.
final class LiveBytes: Sendable {
  private struct State {
    var now = 0
    var peak = 0
    var waiters: [DispatchSemaphore] = []
  }

  private let state = Mutex(State())

  var peak: Int { state.withLock { $0.peak } }

  /// What there was before is not to count for `peak`.
  func forgetPeak() { state.withLock { $0.peak = $0.now } }

  func add(_ byteCount: Int) {
    let waiters = state.withLock { state in
      state.now += byteCount
      state.peak = max(state.peak, state.now)
      guard state.now == 0 else { return [DispatchSemaphore]() }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.signal() }
  }

  /// Returns when no sample is alive any more.
  func waitUntilGone() {
    let semaphore: DispatchSemaphore? = state.withLock { state in
      guard state.now > 0 else { return nil }
      let semaphore = DispatchSemaphore(value: 0)
      state.waiters.append(semaphore)
      return semaphore
    }
    semaphore?.wait()
  }
}
