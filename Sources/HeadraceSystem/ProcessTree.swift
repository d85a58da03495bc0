/// Which processes a process has started.
public enum ProcessTree {
  /// The children of a process that have not been reaped, those that one of its threads started included.
  ///
  /// Empty for a process that has ended, and where the kernel does not list children (CONFIG_PROC_CHILDREN, which
  /// distributions have). See `man 5 proc_pid_task`.
  ///
  /// - Parameter buffer: what is read passes through it. Give the same one again, and little is allocated.
  /// - Complexity: O(threads), about 5 microseconds each.
  public static func children(of processID: Int32, buffer: inout [UInt8]) -> [Int32] {
    let folder = "/proc/\(processID)/task/"
    guard let threads = try? FileSystem.entries(of: folder) else { return [] }
    var children: [Int32] = []
    for thread in threads {
      guard let count = try? SmallFile.read("\(folder)\(thread.name)/children", into: &buffer) else { continue }
      var text = KernelText(buffer.span.extracting(..<count))
      while let child = text.number() {
        if let child = Int32(exactly: child) { children.append(child) }
      }
    }
    return children
  }
}
