/// Memory that a process has for itself.
public enum PrivateMemory {
  /// Bytes of a process's resident set that are neither of files nor of shared memory: what it has allocated. Nil where
  /// there is no such process. See `man 5 proc_pid_statm`.
  ///
  /// - Parameter buffer: what is read passes through it. Give the same one again, and little is allocated.
  /// - Complexity: O(1), some microseconds.
  public static func byteCount(of processID: Int32, buffer: inout [UInt8]) -> Int? {
    guard let count = try? SmallFile.read("/proc/\(processID)/statm", into: &buffer) else { return nil }
    var text = KernelText(buffer.span.extracting(..<count))
    // Pages in all, resident, and of those the shared.
    guard text.number() != nil, let resident = text.number(), let shared = text.number() else { return nil }
    return Int(clamping: resident > shared ? resident - shared : 0) * MemoryPage.byteCount
  }
}
