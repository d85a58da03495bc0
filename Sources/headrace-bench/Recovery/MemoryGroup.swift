import HeadraceSystem

/// A control group whose processes may have little memory, for a real out-of-memory kill (cgroups(7)).
struct MemoryGroup: ~Copyable {
  private let folder: String

  /// nil where this process may not make one.
  init?(byteCount: Int) {
    let name = "headrace-bench-\(ProcessIdentity.current)"
    for (root, limit) in [
      ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max"),
    ] {
      let folder = "\(root)/\(name)"
      guard (try? FileSystem.createFolder(folder)) != nil else { continue }
      if SmallFile.write("\(byteCount)", to: "\(folder)/\(limit)") {
        // Without swap the kernel has nothing to put off the end with.
        _ = SmallFile.write("0", to: "\(folder)/memory.swap.max")
        self.folder = folder
        return
      }
      FileSystem.removeFolder(folder)
    }
    return nil
  }

  deinit { FileSystem.removeFolder(folder) }

  /// Moves a process into it: what it has taken so far stays with the group that it comes from.
  func take(_ processID: Int) -> Bool { SmallFile.write("\(processID)", to: "\(folder)/cgroup.procs") }
}
