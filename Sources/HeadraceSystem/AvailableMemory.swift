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
      if let left = left(folder: folder + "/", limit: "memory.max", used: "memory.current") {
        least = min(least ?? left, left)
      }
      guard let slash = group.lastIndex(of: "/"), group != "/" else { return least }
      group = slash == group.startIndex ? "/" : String(group[..<slash])
    }
  }

  private static func cgroupV1Left() -> Int? {
    left(folder: "/sys/fs/cgroup/memory/", limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes")
  }

  private static func left(folder: String, limit: String, used: String) -> Int? {
    left(
      limit: SmallFile.read(folder + limit), used: SmallFile.read(folder + used),
      statistics: SmallFile.read(folder + "memory.stat"))
  }

  /// What the texts of a control group's files say is left; nil if it has no limit.
  static func left(limit: String?, used: String?, statistics: String?) -> Int? {
    guard let limit = limit.flatMap(firstInteger), let used = used.flatMap(firstInteger) else { return nil }
    // A group is charged for the pages of files that it has read, which the kernel drops before it refuses memory.
    let fields = (statistics ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    func sum(_ names: [Substring]) -> Int? {
      let values = fields.filter { $0.count == 2 && names.contains($0[0]) }.compactMap { Int($0[1]) }
      return values.isEmpty ? nil : values.reduce(0, +)
    }
    // cgroup v1 tells the group's own pages and those of all below it, as the usage does; v2 has only the latter.
    let droppable = sum(["total_inactive_file", "total_active_file"]) ?? sum(["inactive_file", "active_file"]) ?? 0
    return max(0, limit - max(0, used - droppable))
  }

  private static func firstInteger(_ text: String) -> Int? {
    Int(text.split(whereSeparator: \.isWhitespace).first ?? "")
  }
}
