import Dispatch
import HeadraceSystem

/// Several threads at once. Tasks share a few with all tests that run beside, so that the wait for them has no bound.
public enum Threads {
  /// Runs `body` on `count` new threads, each with its number, and waits for all.
  public static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
    let end = DispatchSemaphore(value: 0)
    for number in 0..<count {
      try Thread.start {
        body(number)
        end.signal()
      }
    }
    for _ in 0..<count { end.wait() }
  }
}
