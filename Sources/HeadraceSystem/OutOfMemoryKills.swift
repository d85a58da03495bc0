/// How often the kernel has ended a process because memory was short.
public enum OutOfMemoryKills {
  /// Since the machine was started, in all of it: for lack of memory itself, or of a control group's. Nil where the
  /// kernel does not tell (before Linux 4.13). See oom_kill in /proc/vmstat.
  public static var count: Int? {
    SmallFile.read("/proc/vmstat")?.split(separator: "\n").lazy.filter { $0.hasPrefix("oom_kill ") }.first.flatMap {
      Int($0.dropFirst("oom_kill ".count))
    }
  }
}
