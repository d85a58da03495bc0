import Glibc

/// Nanoseconds since some moment in the past; the same count in every process of the machine.
public enum MonotonicClock {
  /// Nanoseconds now, without the time that the machine was suspended (CLOCK_MONOTONIC, clock_gettime(2)).
  public static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The moment `duration` from now, now if that is negative; nil, no bound, if that is past the end of the clock.
  public static func deadline(after duration: Duration) -> UInt64? {
    guard let nanoseconds = nanoseconds(in: duration) else { return nil }
    let (deadline, overflow) = now.addingReportingOverflow(nanoseconds)
    return overflow ? nil : deadline
  }

  /// A duration in nanoseconds, 0 if it is negative; nil if 64 bits do not hold it.
  public static func nanoseconds(in duration: Duration) -> UInt64? {
    // Below a second, only the attoseconds of a negative duration are negative.
    guard duration > .zero else { return 0 }
    let (seconds, attoseconds) = duration.components
    let (nanoseconds, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return nil }
    let (sum, sumOverflow) = nanoseconds.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
    return sumOverflow ? nil : sum
  }

  /// Nanoseconds from now until `deadline`, 0 if it has passed; -1, which the kernel's waits take for no bound, if
  /// there is none.
  package static func nanoseconds(until deadline: UInt64?) -> Int64 {
    guard let deadline else { return -1 }
    let now = now
    return deadline > now ? Int64(clamping: deadline - now) : 0
  }
}
