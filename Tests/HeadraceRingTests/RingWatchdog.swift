import HeadraceSystem

/// Ends the test process with a message when something does not come back: a hang becomes a failure with a name.
enum RingWatchdog {
  private final class Done: Sendable {
    let signal: EventSignal
    init() throws { signal = try EventSignal() }
  }

  /// Runs `body`. The bound is for hangs alone: no test depends on how long anything takes.
  static func guarding<Result>(
    _ what: String, seconds: Int = 300, _ body: () throws -> Result
  ) throws -> Result {
    let done = try Done()
    try Thread.start {
      let deadline = MonotonicClock.deadline(after: .seconds(seconds))
      if Poll.wait(done.signal.descriptor.number, until: deadline).timedOut {
        fatalError("\(what) did not end within \(seconds) s")
      }
    }
    defer { done.signal.signal() }
    return try body()
  }
}
