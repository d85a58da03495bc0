import CHeadraceLinux

/// Waiting for one of two descriptors: how Headrace waits for another process.
public enum Poll {
  /// Which descriptors were ready; both can be.
  public struct Readiness: Sendable, Equatable {
    /// The first descriptor is readable or at its end.
    public var first: Bool
    /// The second descriptor is readable or at its end; false if there is none.
    public var second: Bool
    /// Neither is: the deadline has passed.
    public var timedOut: Bool { !first && !second }
  }

  /// Waits until `first` or `second` is readable or at its end, or until `deadline`. See `man 2 ppoll`.
  ///
  /// A call that fails ends the process with the reason: it can only be a program that has lowered its limit of open
  /// files below the two that are polled, or a mistake here, and who waits in a loop would spin for ever.
  ///
  /// - Parameters:
  ///   - second: a further descriptor, or -1 for none.
  ///   - deadline: on the clock of `MonotonicClock`; nil waits without a bound.
  public static func wait(_ first: Int32, _ second: Int32 = -1, until deadline: UInt64? = nil) -> Readiness {
    do {
      let ready = try retryingOnInterrupt("ppoll") {
        var timeout: Int64 = -1
        if let deadline {
          let now = MonotonicClock.now
          timeout = deadline > now ? Int64(clamping: deadline - now) : 0
        }
        return headrace_poll(first, second, timeout)
      }
      return Readiness(first: ready & 1 != 0, second: ready & 2 != 0)
    } catch {
      fatalError("\(error) for descriptors \(first) and \(second); the limit of open files must be at least 2")
    }
  }
}
