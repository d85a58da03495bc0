import Glibc

/// How much memory could be had without swapping or being killed.
public enum AvailableMemory {
  /// Bytes: the least of the kernel's MemAvailable and what the control groups leave; nil when neither can be read.
  public static var byteCount: Int? {
    let limits = [memoryAvailable(), cgroupV2Left(), cgroupV1Left()].compactMap { $0 }
    return limits.min()
  }

  /// See `man 5 proc_meminfo`.
  private static func memoryAvailable() -> Int? {
    guard let text = SmallFile.read("/proc/meminfo") else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      let digits = line.filter { $0.isASCII && $0.isNumber }
      return Int(digits).map { $0 * 1024 }
    }
    return nil
  }

  /// The tightest limit on the path from this process's group to the root (cgroup v2, memory.max).
  private static func cgroupV2Left() -> Int? {
    guard let own = SmallFile.read("/proc/self/cgroup"),
      let line = own.split(separator: "\n").first(where: { $0.hasPrefix("0::") })
    else { return nil }
    var least: Int?
    var group = String(line.dropFirst(3))
    while true {
      let folder = "/sys/fs/cgroup" + (group == "/" ? "" : group)
      if let left = left(limit: folder + "/memory.max", used: folder + "/memory.current") {
        least = min(least ?? left, left)
      }
      guard let slash = group.lastIndex(of: "/"), group != "/" else { return least }
      group = slash == group.startIndex ? "/" : String(group[..<slash])
    }
  }

  private static func cgroupV1Left() -> Int? {
    let folder = "/sys/fs/cgroup/memory/"
    return left(limit: folder + "memory.limit_in_bytes", used: folder + "memory.usage_in_bytes")
  }

  private static func left(limit: String, used: String) -> Int? {
    guard let limit = SmallFile.readInteger(limit), let used = SmallFile.readInteger(used) else { return nil }
    return max(0, limit - used)
  }
}
