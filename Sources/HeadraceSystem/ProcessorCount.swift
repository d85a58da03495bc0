import CHeadraceLinux

/// How many processors this process can keep busy.
public enum ProcessorCount {
  /// The least of the affinity mask and the control group's quota, at least 1. What `nproc` prints ignores the quota.
  public static var available: Int {
    let affinity = max(1, Int(headrace_affinity_count()))
    guard let quota else { return affinity }
    return max(1, min(affinity, quota))
  }

  /// Processors' worth of time per period, rounded up (cgroup v2, cpu.max).
  private static var quota: Int? {
    guard let text = SmallFile.read("/sys/fs/cgroup/cpu.max") else { return nil }
    let fields = text.split(whereSeparator: \.isWhitespace)
    guard fields.count == 2, let time = Int(fields[0]), let period = Int(fields[1]), period > 0 else { return nil }
    return (time + period - 1) / period
  }
}
