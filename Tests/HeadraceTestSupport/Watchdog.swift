import HeadraceSystem

/// Ends the process, with the name of the test, when a test that can hang does.
///
/// ```swift
/// let watchdog = Watchdog()
/// defer { watchdog.cancel() }
/// ```
public final class Watchdog: Sendable {
  private final class End: Sendable {
    let signal: EventSignal
    init() throws(Errno) { signal = try EventSignal() }
  }

  private let end: End

  /// - Parameters:
  ///   - seconds: generous: it says that a test hangs, not that it is slow.
  ///   - message: what the test waits for.
  public init(
    _ test: String = #function, seconds: Int = 120, _ message: String = "something that it waits for never came"
  ) {
    do {
      let end = try End()
      // A thread of its own, so that it wakes even when all others are stuck.
      try Thread.start {
        let deadline = MonotonicClock.deadline(after: .seconds(seconds))
        guard Poll.wait(end.signal.descriptor.number, until: deadline).timedOut else { return }
        fatalError("\(test) hangs after \(seconds) s: \(message)")
      }
      self.end = end
    } catch {
      fatalError("no watchdog for \(test): \(error)")
    }
  }

  /// Runs `body` under a watchdog of its own.
  public static func guarding<Result>(
    _ what: String, seconds: Int = 300, _ body: () throws -> Result
  ) rethrows -> Result {
    let watchdog = Watchdog(what, seconds: seconds)
    defer { watchdog.cancel() }
    return try body()
  }

  /// The test is over.
  public func cancel() {
    end.signal.signal()
  }
}
