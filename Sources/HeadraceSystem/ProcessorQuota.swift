/// How much time on processors the control groups of this process have: its own, and each one above it.
///
/// The least counts, whichever group's it is: a container's own group often has no limit, and the group of its pod has
/// one. See cpu.max (version 2) and cpu.cfs_quota_us (version 1) in the kernel's documentation.
struct ProcessorQuota {
  /// Whose limits it is.
  var groups = ControlGroups()

  /// Processors' worth of time per period, rounded up; nil where nothing limits it.
  ///
  /// - Complexity: O(groups above this process).
  var processorCount: Int? { groups.groups("cpu").compactMap(Self.quota).min() }

  /// The limit of one group by itself.
  private static func quota(_ group: ControlGroups.Group) -> Int? {
    let names = group.version == .two ? ["cpu.max"] : ["cpu.cfs_quota_us", "cpu.cfs_period_us"]
    let words = names.flatMap { (group.read($0) ?? "").split(whereSeparator: \.isWhitespace) }
    // "max" and -1 are no limit.
    guard words.count == 2, let time = Int(words[0]), let period = Int(words[1]), time > 0, period > 0 else {
      return nil
    }
    return time / period + (time % period == 0 ? 0 : 1)
  }
}
