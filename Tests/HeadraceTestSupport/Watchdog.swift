import Dispatch
import HeadraceSystem

/// Ends the process, with the name of the test, when a test that can hang does.
///
/// ```swift
/// let watchdog = Watchdog()
/// defer { watchdog.cancel() }
/// ```
public final class Watchdog: Sendable {
  private let cancelled = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - seconds: generous: it says that a test hangs, not that it is slow.
  ///   - message: what the test waits for.
  public init(
    _ test: String = #function, seconds: Int = 120, _ message: String = "something that it waits for never came"
  ) {
    do {
      // A thread of its own, so that it wakes even when all others are stuck.
      try Thread.start { [cancelled] in
        guard cancelled.wait(timeout: .now() + .seconds(seconds)) == .timedOut else { return }
        fatalError("\(test) hangs after \(seconds) s: \(message)")
      }
    } catch {
      fatalError("no thread for the watchdog of \(test): \(error)")
    }
  }

  /// The test is over.
  public func cancel() {
    cancelled.signal()
  }
}
