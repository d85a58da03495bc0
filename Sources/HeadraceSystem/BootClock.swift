import Glibc

/// Nanoseconds since the machine was started: the clock by which /proc tells when a process began.
public enum BootClock {
  /// Nanoseconds now, with the time that the machine was suspended (CLOCK_BOOTTIME, clock_gettime(2)).
  public static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The unit in which /proc counts times, in nanoseconds: 10 ms wherever Linux runs (sysconf(3), _SC_CLK_TCK).
  public static let tickNanoseconds = 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
}
