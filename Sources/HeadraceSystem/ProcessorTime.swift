import Glibc

/// How much of the processors' time has gone where, as /proc tells it.
package enum ProcessorTime {
  /// Nanoseconds that processors were at work since the start of the machine, for whomever; nil if that is not told.
  ///
  /// In steps of the kernel's clock, 10 ms each. See `man 5 proc_stat`.
  ///
  /// - Parameters:
  ///   - processors: those by number.
  ///   - buffer: what is read passes through it.
  /// - Complexity: O(processors of the machine), about 0.1 ms for 100.
  package static func busyNanoseconds(of processors: Set<Int>, buffer: inout [UInt8]) -> UInt64? {
    guard let count = try? SmallFile.read("/proc/stat", into: &buffer) else { return nil }
    let tick = 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
    var text = KernelText(buffer.span.extracting(..<count))
    var sum: UInt64?
    while !text.isAtEnd, text.take("cpu") {
      // The first line is all processors together, and begins with a space.
      if !text.take(" "), let number = text.number(), processors.contains(Int(clamping: number)) {
        // user, nice, system, idle, iowait, irq, softirq; what follows is other machines' or counted in these.
        let times = (0..<7).map { _ in text.number() ?? 0 }
        sum = (sum ?? 0) &+ (times[0] &+ times[1] &+ times[2] &+ times[5] &+ times[6]) &* tick
      }
      text.skipLine()
    }
    return sum
  }

  /// Nanoseconds that threads of this process were ready to run and had no processor, added up; nil where the kernel
  /// does not tell. See Documentation/scheduler/sched-stats.rst of the kernel.
  ///
  /// - Complexity: O(threads), about 5 microseconds each.
  package static func delayNanoseconds(buffer: inout [UInt8]) -> UInt64? {
    guard let threads = try? FileSystem.entries(of: "/proc/self/task") else { return nil }
    var sum: UInt64?
    for thread in threads {
      if let delay = delayNanoseconds("/proc/self/task/\(thread.name)", &buffer) { sum = (sum ?? 0) &+ delay }
    }
    return sum
  }

  /// The same of the calling thread alone.
  package static func threadDelayNanoseconds(buffer: inout [UInt8]) -> UInt64? {
    delayNanoseconds("/proc/thread-self", &buffer)
  }

  private static func delayNanoseconds(_ folder: String, _ buffer: inout [UInt8]) -> UInt64? {
    guard let count = try? SmallFile.read("\(folder)/schedstat", into: &buffer) else { return nil }
    var text = KernelText(buffer.span.extracting(..<count))
    _ = text.number()
    return text.number()
  }
}
