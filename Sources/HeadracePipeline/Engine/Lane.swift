import Dispatch
import Synchronization

/// One thread's place to wait for work: it sleeps until there is some, and costs nothing meanwhile.
final class Lane: Sendable {
  private struct State {
    var work: (@Sendable () -> Bool)?
    var hasEnded = false
  }

  private let state = Mutex(State())
  /// Raised once for each `start`, and for `end`.
  private let wake = DispatchSemaphore(value: 0)

  /// What its thread has added to the niceness of the trainer, or `ThreadRank.idle`.
  let niceness: Atomic<Int>
  /// What was to be added when that was looked at last.
  let wanted: Atomic<Int>

  init(niceness: Int = 0) {
    self.niceness = Atomic(niceness)
    wanted = Atomic(niceness)
  }

  /// Does what `start` hands over, one after the other, until `end`, or until another thread is to go on. The body of
  /// the lane's thread.
  ///
  /// - Parameter first: what another thread has left to this one; nil: it begins idle.
  func serve(goingOnWith first: (() -> Bool)? = nil) {
    if let first, !first() { return }
    while true {
      wake.wait()
      guard let work = takeWork() else { return }
      if !work() { return }
    }
  }

  /// - Parameter work: returns whether its thread is to serve on.
  func start(_ work: @escaping @Sendable () -> Bool) {
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
  private func takeWork() -> (@Sendable () -> Bool)? {
    state.withLock { state in
      defer { state.work = nil }
      return state.work
    }
  }
}
