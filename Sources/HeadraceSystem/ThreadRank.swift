import CHeadraceLinux
import Glibc

/// How the kernel ranks the calling thread, and the threads and children that it starts from then on, against others.
///
/// All of it can be lowered without a privilege, and not raised again.
public enum ThreadRank {
  /// A scheduling policy; see `man 7 sched`.
  public enum Policy: Int32, Sendable {
    /// SCHED_OTHER: the usual.
    case normal = 0
    /// SCHED_BATCH: takes no processor from another thread at the moment it wakes up.
    case batch = 1
    /// SCHED_IDLE: works on what all others leave, below niceness 19.
    case idle = 2
  }

  /// What stands for SCHED_IDLE among values of niceness, which end at 19 and are all above it.
  public static let idle = 20

  /// Adds to the niceness, which ends at 19. See `man 2 setpriority`: on Linux it is a thread's.
  public static func addNiceness(_ niceness: Int) throws(Errno) {
    _ = try retryingOnInterrupt("setpriority") { headrace_add_niceness(Int32(niceness)) }
  }

  /// See `man 2 sched_setscheduler`.
  public static func setPolicy(_ policy: Policy) throws(Errno) {
    _ = try retryingOnInterrupt("sched_setscheduler") { headrace_set_scheduling(0, policy.rawValue) }
  }

  /// Whether a thread of that niceness, added to the calling thread's, may come back from SCHED_IDLE: with the
  /// privilege CAP_SYS_NICE, or where the niceness is within RLIMIT_NICE (`ulimit -e`). A thread that ends then tries
  /// it.
  ///
  /// False where the calling thread is not SCHED_OTHER: coming back, threads would rank above it.
  public static func mayLeaveIdle(niceness: Int) -> Bool {
    guard headrace_is_normal(0) else { return false }
    let result = try? Thread.runToEnd {
      if niceness > 0 { try? addNiceness(niceness) }
      let isBack =
        headrace_set_scheduling(0, Policy.idle.rawValue) == 0 && headrace_set_scheduling(0, Policy.normal.rawValue) == 0
      return isBack ? 0 : 1
    }
    return result == 0
  }

  /// Takes all threads of this process out of SCHED_IDLE, those included that inherited it. What the kernel refuses
  /// stays as it is.
  ///
  /// - Complexity: O(threads), about a microsecond each.
  public static func endIdle() {
    for entry in (try? FileSystem.entries(of: "/proc/self/task")) ?? [] {
      guard let thread = Int32(entry.name), headrace_is_idle(thread) else { continue }
      _ = headrace_set_scheduling(thread, Policy.normal.rawValue)
    }
  }

  /// How long a turn on a processor is to last, 0.1 to 100 ms. See `man 2 sched_setattr`, sched_runtime; a change of
  /// the policy forgets it, and Linux before 6.12 takes no notice.
  public static func setSlice(nanoseconds: UInt64) throws(Errno) {
    _ = try retryingOnInterrupt("sched_setattr") { headrace_set_slice(nanoseconds) }
  }

  /// How long a turn of the calling thread is to last, in nanoseconds; nil where the kernel does not tell.
  public static var sliceNanoseconds: UInt64? {
    let slice = headrace_slice()
    return slice > 0 ? UInt64(slice) : nil
  }

  /// Best effort with a level from 0, first, to 7, last; nil: only while nobody else uses the disk. See
  /// `man 2 ioprio_set`; schedulers of fast disks ignore it (`none`).
  public static func setDiskPriority(level: Int?) throws(Errno) {
    _ = try retryingOnInterrupt("ioprio_set") { headrace_set_io_priority(level == nil ? 3 : 2, Int32(level ?? 0)) }
  }

  /// Makes the kernel's out-of-memory killer choose this process rather than others: `share` of all memory, in
  /// thousandths, is added to what it uses. See `man 5 proc_pid_oom_score_adj`.
  ///
  /// - Returns: whether the kernel took it.
  @discardableResult public static func preferForMemoryKill(by share: Int) -> Bool {
    let path = "/proc/self/oom_score_adj"
    let now = SmallFile.read(path).flatMap { Int($0.prefix { !$0.isWhitespace }) } ?? 0
    return SmallFile.write("\(min(1_000, now + share))", to: path)
  }
}
