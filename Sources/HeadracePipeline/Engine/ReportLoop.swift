import Dispatch
import HeadraceCore
import HeadraceSystem
import Synchronization

/// Hands reports to the user's closure, on a thread of its own.
final class ReportLoop: Sendable {
  private struct State {
    /// What the stages had come to at the report before.
    var last: [StageSnapshot]?
    var waiting: Deque<StatisticsReport> = Deque()
    var isIdle = true
    var hasEnded = false
  }

  private let reporting: StatisticsReporting
  private let state = Mutex(State())
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
    state.withLock { $0.isIdle = false }
    if case .period = reporting.moment { wake.signal() }
  }

  /// An epoch has come to rest.
  ///
  /// - Parameter isLast: whether none is at work now.
  func endEpoch(isLast: Bool) {
    if isLast { state.withLock { $0.isIdle = true } }
    switch reporting.moment {
    case .epoch: add()
    case .period: if isLast { add() }
    }
  }

  /// Ends the thread once all reports are handed over, and waits for that as long as is said.
  func end(timeout: Duration) {
    state.withLock { $0.hasEnded = true }
    wake.signal()
    let nanoseconds = UInt64(max(.zero, timeout) / .nanoseconds(1))
    _ = isDone.wait(timeout: DispatchTime(uptimeNanoseconds: Clock.now + nanoseconds))
  }

  private func add() {
    let now = look()
    state.withLock { state in
      let interval = state.last.map { last in zip(now, last).map { $0.since($1) } } ?? now
      state.last = now
      state.waiting.append(
        StatisticsReport(interval: interval.map(\.statistics), total: now.map(\.statistics)))
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
      let (isIdle, hasEnded) = state.withLock { ($0.isIdle, $0.hasEnded) }
      if case .period(let period) = reporting.moment {
        if let reached = due, reached <= Clock.now, !isIdle {
          add()
          due = nil
        }
        if isIdle { due = nil } else if due == nil { due = Clock.now + UInt64(period / .nanoseconds(1)) }
      }
      while let report = state.withLock({ $0.waiting.isEmpty ? nil : $0.waiting.popFirst() }) {
        reporting.handler(report)
      }
      if hasEnded { break }
    }
    isDone.signal()
  }
}
