import Glibc

/// How much memory could be had without swapping or being killed.
public enum AvailableMemory {
  /// Bytes: the least of the kernel's MemAvailable and what the control groups leave; nil when neither can be read.
  public static var byteCount: Int? {
    ([memoryAvailable()] + ControlGroups().groups("memory").map(left)).compactMap { $0 }.min()
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

  /// What one group has left: its memory.max (version 2) or memory.limit_in_bytes (version 1).
  private static func left(_ group: ControlGroups.Group) -> Int? {
    let (limit, used) =
      group.version == .two
      ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
    return left(limit: group.read(limit), used: group.read(used), statistics: group.read("memory.stat"))
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
