import Glibc

extension ProcessResources {
  /// Takes what /proc/PID/stat tells; false, and nothing is taken, if it is no such text.
  ///
  /// The name, in parentheses, is whatever the process likes, spaces, parentheses and line feeds included; none of the
  /// fields behind it has a parenthesis.
  mutating func addStatus(_ bytes: Span<UInt8>) -> Bool {
    var text = KernelText(bytes)
    guard text.skipPastLast(")") else { return false }
    text.skipSpaces()
    guard let state = text.byte() else { return false }
    // The parent's number to the flags.
    text.skipWords(6)
    guard let minorFaults = text.number(), text.number() != nil, let majorFaults = text.number(), text.number() != nil,
      let userTicks = text.number(), let systemTicks = text.number()
    else { return false }
    // The times of children that were waited for, priority and nice value.
    text.skipWords(4)
    guard let threads = text.number() else { return false }
    text.skipWords(1)
    guard let start = text.number() else { return false }
    text.skipWords(1)
    guard let residentPages = text.number() else { return false }
    // Of a process whose first thread has ended and others go on the state is that of the first.
    hasEnded = state == UInt8(ascii: "X") || state == UInt8(ascii: "Z") && threads <= 1
    minorFaultCount = Int(clamping: minorFaults)
    majorFaultCount = Int(clamping: majorFaults)
    threadCount = hasEnded ? 0 : Int(clamping: threads)
    startNanoseconds = Self.product(start, BootClock.tickNanoseconds)
    cpuNanoseconds = Self.product(
      userTicks.addingReportingOverflow(systemTicks).partialValue, BootClock.tickNanoseconds)
    residentByteCount = Int(clamping: Self.product(residentPages, Self.pageByteCount))
    return true
  }

  /// Takes what /proc/PID/io tells.
  mutating func addDisk(_ bytes: Span<UInt8>) {
    let text = KernelText(bytes)
    diskReadByteCount = text.number(of: "read_bytes:").map(Int.init(clamping:))
    diskWrittenByteCount = text.number(of: "write_bytes:").map(Int.init(clamping:))
  }

  /// Takes what /proc/PID/smaps_rollup tells.
  mutating func addMemory(_ bytes: Span<UInt8>) {
    let text = KernelText(bytes)
    guard let resident = text.number(of: "Rss:"), let pss = text.number(of: "Pss:"),
      let clean = text.number(of: "Private_Clean:"), let dirty = text.number(of: "Private_Dirty:")
    else { return }
    residentByteCount = Int(clamping: Self.product(resident, 1024))
    pssByteCount = Int(clamping: Self.product(pss, 1024))
    privateByteCount = Int(clamping: Self.product(clean.addingReportingOverflow(dirty).partialValue, 1024))
  }

  private static let pageByteCount = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))

  /// What no counter reaches is told as the largest number.
  private static func product(_ value: UInt64, _ unit: UInt64) -> UInt64 {
    let (product, isLarge) = value.multipliedReportingOverflow(by: unit)
    return isLarge ? .max : product
  }
}
