import CHeadraceLinux

/// Which processors the calling thread may run on.
package enum ProcessorAffinity {
  /// Numbers of the processors that are allowed now, ascending; none where the kernel does not tell. See
  /// `man 2 sched_getaffinity`.
  ///
  /// - Complexity: One call of the kernel, about a microsecond.
  package static var allowed: [Int] {
    let limit = headrace_affinity_limit()
    let numbers = unsafe [Int32](unsafeUninitializedCapacity: Int(limit)) { numbers, count in
      unsafe count = max(0, Int(headrace_affinity_get(numbers.baseAddress, limit)))
    }
    return numbers.map(Int.init)
  }

  /// Binds the calling thread, and the children that it forks from now on, to one processor.
  ///
  /// See `man 2 sched_setaffinity`.
  package static func pin(to processor: Int) throws(Errno) {
    try set([processor])
  }

  /// Processors in an order for whoever wants to stay where the calling thread is: first the one it runs on, then those
  /// that share a core with that, then the others. See `man 3 sched_getcpu`.
  package static func fromHere(_ processors: [Int]) -> [Int] {
    let here = Int(headrace_current_processor())
    let siblings = siblings(of: here)
    func distance(_ processor: Int) -> Int { processor == here ? 0 : siblings.contains(processor) ? 1 : 2 }
    return processors.sorted { (distance($0), $0) < (distance($1), $1) }
  }

  /// Binds the calling thread, and the threads and children that it starts from now on, to some processors.
  ///
  /// - Throws: EINVAL when none of them is there, or allowed by the control group.
  package static func set(_ processors: [Int]) throws(Errno) {
    let numbers = processors.compactMap { Int32(exactly: $0) }
    _ = try retryingOnInterrupt("sched_setaffinity") { unsafe headrace_affinity_set(numbers, Int32(numbers.count)) }
  }

  /// Two processors for two parties that work at the same time, on different cores where there are such; nil when only
  /// one processor is allowed.
  package static var pair: (first: Int, second: Int)? {
    let allowed = allowed
    guard allowed.count > 1 else { return nil }
    let siblings = siblings(of: allowed[0])
    return (allowed[0], allowed.dropFirst().first { !siblings.contains($0) } ?? allowed[1])
  }

  /// Processors that share a core with `processor`, itself included.
  private static func siblings(of processor: Int) -> Set<Int> {
    let path = "/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list"
    return SmallFile.read(path).map { Set(ProcessorTopology.numbers($0)) } ?? [processor]
  }
}
