import CHeadraceLinux
import Glibc

/// Waiting for one of two descriptors, the only way in which Headrace ever blocks.
public enum Poll {
  /// Which descriptors were ready; both can be.
  public struct Readiness: Sendable, Equatable {
    public var first: Bool
    public var second: Bool
    public var timedOut: Bool { !first && !second }
  }

  /// Waits until `first` or `second` is readable or at its end, or until `deadline`.
  ///
  /// - Parameters:
  ///   - second: a further descriptor, or -1 for none.
  ///   - deadline: on the clock of `MonotonicClock`; nil waits without a bound.
  public static func wait(_ first: Int32, _ second: Int32 = -1, until deadline: UInt64? = nil) -> Readiness {
    while true {
      var timeout: Int64 = -1
      if let deadline {
        let now = MonotonicClock.now
        timeout = deadline > now ? Int64(clamping: deadline - now) : 0
      }
      let ready = headrace_poll(first, second, timeout)
      if ready >= 0 { return Readiness(first: ready & 1 != 0, second: ready & 2 != 0) }
      // EINTR: the deadline is absolute, so simply again. Anything else (EINVAL, ENOMEM) must not become a spin.
      if errno != EINTR { return Readiness(first: false, second: false) }
    }
  }
}
