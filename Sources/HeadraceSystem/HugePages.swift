/// Pages of 2 MiB, on most machines, in place of 512 of 4 KiB: one entry of the processor's table of addresses each.
package enum HugePages {
  /// Bytes of a huge page, where shared memory has to ask for them; nil elsewhere.
  ///
  /// Where the system gives them to all shared memory, `fallocate` is enough; where it gives them to none, asking is in
  /// vain. See shmem_enabled in the kernel's admin-guide/mm/transhuge: which sizes there are is said for each by itself
  /// since Linux 6.11.
  ///
  /// - Parameter root: what stands before each path: nothing, or a tree of a test's.
  package static func byteCountToAskFor(root: String = "") -> Int? {
    let folder = "\(root)/sys/kernel/mm/transparent_hugepage"
    guard let size = SmallFile.read("\(folder)/hpage_pmd_size").flatMap(firstInteger), size > 0, size & (size - 1) == 0
    else { return nil }
    let own = chosen("\(folder)/hugepages-\(size / 1024)kB/shmem_enabled")
    let isAdvised = own == nil || own == "inherit" ? chosen("\(folder)/shmem_enabled") == "advise" : own == "advise"
    return isAdvised ? size : nil
  }

  private static func firstInteger(_ text: String) -> Int? {
    text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
  }

  /// The word in brackets.
  private static func chosen(_ path: String) -> Substring? {
    SmallFile.read(path)?.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("[") && $0.hasSuffix("]") }?
      .dropFirst().dropLast()
  }
}
