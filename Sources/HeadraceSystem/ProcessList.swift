/// Processes of this machine, as far as this one sees them.
package enum ProcessList {
  /// Numbers of those that have this name, the lowest first. See `man 5 proc_pid_comm`.
  ///
  /// - Complexity: O(processes), some microseconds each.
  package static func named(_ name: String) -> [Int32] {
    ((try? FileSystem.entries(of: "/proc")) ?? []).compactMap { Int32($0.name) }
      .filter { SmallFile.read("/proc/\($0)/comm") == name + "\n" }.sorted()
  }
}
