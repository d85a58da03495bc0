import CHeadraceLinux

/// Waiting for one of a few descriptors: how Headrace waits for another process.
public enum Poll {
  /// Which descriptors were ready; all can be.
  public struct Readiness: Sendable, Equatable {
    /// The first descriptor is readable or at its end.
    public var first: Bool
    /// The second descriptor is readable or at its end; false if there is none.
    public var second: Bool
    /// The third descriptor is readable or at its end; false if there is none.
    public var third = false
    /// None is: the deadline has passed.
    public var timedOut: Bool { !first && !second && !third }
  }

  /// Waits until one of them is readable or at its end, or until `deadline`. See `man 2 ppoll`.
  ///
  /// A call that fails ends the process with the reason: it can only be a program that has lowered its limit of open
  /// files below what is polled, or a mistake here, and who waits in a loop would spin for ever.
  ///
  /// - Parameters:
  ///   - second, third: further descriptors, or -1 for none.
  ///   - deadline: on the clock of `MonotonicClock`; nil waits without a bound.
  public static func wait(
    _ first: Int32, _ second: Int32 = -1, _ third: Int32 = -1, until deadline: UInt64? = nil
  ) -> Readiness {
    do {
      let ready = try retryingOnInterrupt("ppoll") {
        headrace_poll(first, second, third, MonotonicClock.nanoseconds(until: deadline))
      }
      return Readiness(first: ready & 1 != 0, second: ready & 2 != 0, third: ready & 4 != 0)
    } catch {
      fatalError(
        "\(error) for descriptors \(first), \(second) and \(third); the limit of open files must be at least 3")
    }
  }
  /// Waits until any of `descriptors` is readable or at its end, or until `deadline`. Returns those that are; none: the
  /// deadline has passed. A call that fails ends the process, as above.
  public static func wait(anyOf descriptors: [Int32], until deadline: UInt64? = nil) -> Set<Int32> {
    var ready = [UInt8](repeating: 0, count: descriptors.count)
    do {
      _ = try retryingOnInterrupt("ppoll") {
        unsafe headrace_poll_all(
          descriptors, &ready, Int32(descriptors.count), MonotonicClock.nanoseconds(until: deadline))
      }
    } catch {
      fatalError("\(error) for \(descriptors.count) descriptors; the limit of open files must be at least that")
    }
    return Set(zip(descriptors, ready).filter { $0.1 != 0 }.map(\.0))
  }
}
