import Dispatch
import HeadraceCore
import HeadraceSystem
import Synchronization

/// Hands reports to the user's closure, on a thread of its own.
final class ReportLoop: Sendable {
  private struct State {
    var backlog = ReportBacklog()
    /// Epochs at work; below 0 for a moment where one ends before its beginning is told.
    var running = 0
    var hasEnded = false
  }

  private let reporting: StatisticsReporting
  private let state = Mutex(State())
  /// Held while a report is put together, so that each begins where the one before ended. Nobody who holds `state`
  /// waits for it: letting go of the run is part of that.
  private let adding = Mutex(())
  private let wake = DispatchSemaphore(value: 0)
  private let isDone = DispatchSemaphore(value: 0)
  private let look: @Sendable () -> [StageSnapshot]

  /// - Parameter look: what the stages have come to.
  /// - Throws: EAGAIN when the system permits no further thread.
  init(_ reporting: StatisticsReporting, look: @escaping @Sendable () -> [StageSnapshot]) throws(Errno) {
    self.reporting = reporting
    self.look = look
    try Thread.start(name: "headrace-report") { [self] in serve() }
  }

  /// An epoch is at work.
  func begin() {
    state.withLock { $0.running += 1 }
    if case .period = reporting.moment { wake.signal() }
  }

  /// An epoch has come to rest.
  func endEpoch() {
    let isLast = state.withLock { state in
      state.running -= 1
      return state.running <= 0
    }
    switch reporting.moment {
    case .epoch: add()
    case .period: if isLast { add() }
    }
  }

  /// Ends the thread once all reports are handed over, and waits for that as long as is said.
  func end(timeout: Duration) {
    state.withLock { $0.hasEnded = true }
    wake.signal()
    let nanoseconds = MonotonicClock.nanoseconds(in: timeout) ?? 0
    _ = isDone.wait(timeout: DispatchTime(uptimeNanoseconds: MonotonicClock.now + nanoseconds))
  }

  private func add() {
    adding.withLock { _ in
      let now = look()
      state.withLock { $0.backlog.add(now) }
    }
    wake.signal()
  }

  private func serve() {
    var due: UInt64?
    while true {
      if let due {
        _ = wake.wait(timeout: DispatchTime(uptimeNanoseconds: due))
      } else {
        wake.wait()
      }
      let (isIdle, hasEnded) = state.withLock { ($0.running <= 0, $0.hasEnded) }
      if case .period(let period) = reporting.moment {
        if let reached = due, reached <= MonotonicClock.now, !isIdle {
          add()
          due = nil
        }
        if isIdle { due = nil } else if due == nil { due = MonotonicClock.now + period }
      }
      while let entry = state.withLock({ $0.backlog.next() }) { reporting.handler(entry.report) }
      if hasEnded { break }
    }
    isDone.signal()
  }
}
