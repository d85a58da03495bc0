import Glibc

/// What a process has used so far (getrusage(2)).
public struct ResourceUsage: Sendable, Hashable {
  /// User and system time in nanoseconds.
  public var cpuNanoseconds: UInt64
  /// The largest resident set so far, in bytes.
  public var peakResidentByteCount: Int

  /// This process, with all its threads.
  public static var current: ResourceUsage {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return ResourceUsage(
      cpuNanoseconds: nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime),
      peakResidentByteCount: usage.ru_maxrss * 1024)
  }

  /// CPU time of the calling thread in nanoseconds.
  public static var currentThreadCPUNanoseconds: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  private static func nanoseconds(_ time: timeval) -> UInt64 {
    UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * 1_000
  }
}
