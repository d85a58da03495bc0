import Glibc

/// What one process has used so far and holds now, as /proc told it at one moment.
///
/// A process of another user, or one that has changed its rights, shows less: those figures are nil.
public struct ProcessResources: Sendable, Hashable {
  /// Number of the process. The kernel gives it to another process later: `startNanoseconds` tells them apart.
  public var processID: Int32
  /// When the process began, on the clock of `BootClock`, rounded down to 10 ms.
  public var startNanoseconds: UInt64 = 0
  /// Whether it has ended and waits for its parent to reap it. Its counters are final then, and it holds nothing.
  public var hasEnded = false
  /// User and system time of all its threads, those that have ended included, in nanoseconds. The counter is as exact
  /// as the kernel's own, or in steps of 10 ms where the kernel does not tell that of another process.
  public var cpuNanoseconds: UInt64 = 0
  /// Resident set in bytes, shared pages included. With `pssByteCount` it is exact; otherwise the kernel's running
  /// count, which may be off by some hundred KiB, and by some MiB on a machine of many processors.
  public var residentByteCount = 0
  /// Proportional set size in bytes: of a page that n processes have mapped, each counts a part in n.
  public var pssByteCount: Int?
  /// Bytes that no other process has mapped: what would be free if this one ended (also called unique set size).
  public var privateByteCount: Int?
  /// Bytes that were read from storage on its behalf; what the page cache had is not in it.
  public var diskReadByteCount: Int?
  /// Bytes that it has caused to be written to storage, now or later.
  public var diskWrittenByteCount: Int?
  /// Page faults that needed no storage.
  public var minorFaultCount = 0
  /// Page faults for which something was read from storage.
  public var majorFaultCount = 0
  /// Threads now.
  public var threadCount = 0
  /// Open descriptors now.
  public var descriptorCount: Int?

  /// A process of which nothing is known yet.
  package init(processID: Int32, startNanoseconds: UInt64) {
    self.processID = processID
    self.startNanoseconds = startNanoseconds
  }

  /// Reads what /proc shows of a process. See `man 5 proc_pid_stat`, `proc_pid_io`, `proc_pid_smaps_rollup`.
  ///
  /// - Parameters:
  ///   - withPSS: whether to read `pssByteCount` and `privateByteCount`, and `residentByteCount` exactly.
  ///   - buffer: what is read passes through it. Give the same one again, and nothing is allocated.
  /// - Throws: ESRCH when there is no such process, or it has been reaped. EBADMSG when its stat file is none that this
  ///   can read.
  /// - Complexity: O(1), about 15 microseconds. With PSS O(pages that it has mapped), since the kernel walks its page
  ///   table, for which the process's own mmap(2) may have to wait: 8 ms for each GiB.
  public init(processID: Int32, withPSS: Bool = true, buffer: inout [UInt8]) throws(Errno) {
    self.processID = processID
    let folder = "/proc/\(processID)/"
    do throws(Errno) {
      let count = try SmallFile.read(folder + "stat", into: &buffer)
      guard addStatus(buffer.span.extracting(..<count)) else { throw Errno("parse \(folder)stat", code: EBADMSG) }
    } catch {
      throw error.code == ENOENT ? Errno(error.call, code: ESRCH) : error
    }
    if let exact = Self.cpuNanoseconds(of: processID) { cpuNanoseconds = exact }
    if let count = try? SmallFile.read(folder + "io", into: &buffer) { addDisk(buffer.span.extracting(..<count)) }
    descriptorCount = Self.descriptorCount(folder + "fd")
    if withPSS, let count = try? SmallFile.read(folder + "smaps_rollup", into: &buffer) {
      addMemory(buffer.span.extracting(..<count))
    }
  }

  /// Reads what /proc shows of a process, once.
  ///
  /// - Throws: As the other initializer.
  public init(processID: Int32, withPSS: Bool = true) throws(Errno) {
    var buffer: [UInt8] = []
    try self.init(processID: processID, withPSS: withPSS, buffer: &buffer)
  }

  /// See `man 3 clock_getcpuclockid`. The stat file has the same counter, in ticks of 10 ms.
  package static func cpuNanoseconds(of processID: Int32) -> UInt64? {
    var clock = clockid_t()
    var time = timespec()
    guard unsafe clock_getcpuclockid(processID, &clock) == 0, unsafe clock_gettime(clock, &time) == 0 else {
      return nil
    }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Since Linux 6.2 the size of the folder is the number of its entries; before it is 0.
  private static func descriptorCount(_ folder: String) -> Int? {
    var status = stat()
    guard unsafe stat(folder, &status) == 0 else { return nil }
    if status.st_size > 0 { return Int(status.st_size) }
    return try? FileSystem.entries(of: folder).count
  }
}
