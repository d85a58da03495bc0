/// How many processors this process can keep busy.
public enum ProcessorCount {
  /// The least of the affinity mask and the quotas of its control groups, at least 1. What `nproc` prints ignores
  /// quotas.
  public static var available: Int {
    let affinity = max(1, ProcessorAffinity.allowed.count)
    guard let quota = ProcessorQuota().processorCount else { return affinity }
    return max(1, min(affinity, quota))
  }
}
