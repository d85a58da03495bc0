import Dispatch
import Synchronization

/// Holds up whoever passes until it is opened.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func pass() {
    semaphore.wait()
    semaphore.signal()
  }

  func open() {
    semaphore.signal()
  }
}

/// A count that can be waited for.
final class Tally: Sendable {
  private struct State {
    var count = 0
    var waiters: [(threshold: Int, semaphore: DispatchSemaphore)] = []
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.count } }

  @discardableResult
  func add(_ number: Int = 1) -> Int {
    state.withLock { state in
      state.count += number
      for waiter in state.waiters where state.count >= waiter.threshold { waiter.semaphore.signal() }
      state.waiters.removeAll { state.count >= $0.threshold }
      return state.count
    }
  }

  /// Returns when the count has reached `threshold`, or so much time has passed.
  func wait(for threshold: Int, atMost duration: Duration? = nil) {
    let semaphore: DispatchSemaphore? = state.withLock { state in
      if state.count >= threshold { return nil }
      let semaphore = DispatchSemaphore(value: 0)
      state.waiters.append((threshold, semaphore))
      return semaphore
    }
    guard let semaphore else { return }
    guard let duration else { return semaphore.wait() }
    _ = semaphore.wait(timeout: .now() + .nanoseconds(Int(duration / .nanoseconds(1))))
  }
}

/// Follows how many calls run at one time.
final class Crowd: Sendable {
  private let state = Mutex((now: 0, peak: 0))

  var peak: Int { state.withLock { $0.peak } }

  func enter() {
    state.withLock { state in
      state.now += 1
      state.peak = max(state.peak, state.now)
    }
  }

  func leave() { state.withLock { $0.now -= 1 } }
}

/// A sample whose life is counted.
final class Tracked: Sendable {
  let value: Int
  private let ended: Tally

  init(_ value: Int, ended: Tally) {
    self.value = value
    self.ended = ended
  }

  deinit { ended.add() }
}
