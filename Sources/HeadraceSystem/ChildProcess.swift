import CHeadraceLinux
import Glibc

/// A forked child: killed and reaped when the value goes away, so that no zombie and no orphan stays.
public struct ChildProcess: ~Copyable, @unchecked Sendable {
  /// Number of the child's process. The kernel may give it to another once the child has been reaped: signal through
  /// the descriptor.
  public let processID: Int32
  /// Readable once the child has ended (pidfd_open(2)).
  public let descriptor: FileDescriptor
  private var status: ExitStatus?
  /// The largest resident set that it had, in bytes, shared memory included; 0 until it is reaped.
  public private(set) var peakResidentByteCount = 0
  private let owner = ProcessIdentity.current

  /// Where the child runs what it is given.
  public enum Place: Sendable {
    /// On a new thread: for all that locks, waits or starts threads; see `Thread.runToEnd`.
    case newThread
    /// On the thread that was forked, and no other will there be: such a child can be forked again.
    case forkedThread
  }

  /// Forks. The child runs `body`, and exits with its result.
  ///
  /// It never returns from here, and none of the parent's exit handlers run in it, also when something in it calls
  /// exit(3).
  ///
  /// The child's signals have their default actions, but for those that a terminal (SIGINT, SIGQUIT, SIGHUP) or a job
  /// scheduler (SIGTERM, SIGUSR1, SIGUSR2) sends to parent and child alike: those do not end it, but calls that wait
  /// may return EINTR. The kernel kills it when the parent's main thread ends; that is the backup for what `body` is
  /// given to wait for, which ends with the process and not with a thread. The caller has made sure that
  /// `ForkSafety.hazard` is nil.
  ///
  /// - Parameters:
  ///   - diesWithParent: whether there is that backup: false for a child that has something to tidy up, and does
  ///     nothing that could keep it from looking at its parent.
  ///   - body: what the child does, given its parent to wait for; its result is the exit status.
  ///   - refusal: called in the child instead of `body` when the system refuses the child's thread.
  public init(
    name: String, on place: Place = .newThread, diesWithParent: Bool = true,
    body: (borrowing ProcessHandle) -> Int32, refusal: (Errno) -> Int32 = { _ in 255 }
  ) throws(Errno) {
    try self.init(
      processID: try Self.fork(
        name: name, on: place, diesWithParent: diesWithParent, body: body, refusal: refusal))
  }

  /// A child that this process has just started.
  init(processID: Int32) throws(Errno) {
    let number = headrace_pidfd_open(processID)
    guard number >= 0 else {
      let error = Errno.last("pidfd_open")
      Glibc.kill(processID, SIGKILL)
      waitpid(processID, nil, 0)
      throw error
    }
    self.processID = processID
    descriptor = FileDescriptor(owning: number)
    status = nil
  }

  /// Forks a child that nobody waits for, and that outlives its parent unless it looks itself. The parent has said that
  /// it keeps no children (`ignoreEndsOfChildren`).
  ///
  /// - Parameter body: as above, without the parent.
  public static func detach(name: String, body: () -> Int32) throws(Errno) {
    _ = try fork(name: name, on: .forkedThread, diesWithParent: false, body: { _ in body() }, refusal: { _ in 255 })
  }

  /// Children of this process that end are gone at once: none is waited for. See `man 2 sigaction`, SA_NOCLDWAIT.
  public static func ignoreEndsOfChildren() { headrace_ignore_children() }

  private static func fork(
    name: String, on place: Place, diesWithParent: Bool, body: (borrowing ProcessHandle) -> Int32,
    refusal: (Errno) -> Int32
  ) throws(Errno) -> Int32 {
    // What the streams hold would otherwise be printed by both.
    headrace_flush_all()
    let parent = getpid()
    let forkedByMainThread = headrace_gettid() == parent
    let processID = headrace_fork()
    if processID == 0 {
      headrace_reset_signals()
      // Without memory for the handler: better no child than one that runs the parent's handlers.
      if headrace_end_at_exit() != 0 { headrace_flush_and_exit(255) }
      if diesWithParent, forkedByMainThread { _ = headrace_set_parent_death_signal(SIGKILL) }
      _ = unsafe headrace_set_thread_name(name)
      do throws(Errno) {
        // The parent may have died before the signal was set: then nobody will send it.
        guard let parent = try ProcessHandle.parent(parent) else { headrace_flush_and_exit(0) }
        switch place {
        case .forkedThread: headrace_flush_and_exit(body(parent))
        case .newThread: headrace_flush_and_exit(try Thread.runToEnd { body(parent) })
        }
      } catch {
        headrace_flush_and_exit(refusal(error))
      }
    }
    guard processID > 0 else { throw Errno.last("fork") }
    return processID
  }

  /// How the child ended; nil while it runs. Never blocks.
  public mutating func reap() -> ExitStatus? {
    if let status { return status }
    var code: Int32 = 0
    var value: Int32 = 0
    var peak = 0
    let result = unsafe headrace_reap(descriptor.number, &code, &value, &peak)
    if result == 1 {
      peakResidentByteCount = peak * 1024
      status = code == headrace_cld_exited ? .exited(value) : .signaled(value)
    } else if result == -1 && errno == ECHILD {
      status = .unknown
    }
    return status
  }

  /// Ends the child at once, without waiting for that; nothing happens where it has ended.
  public func kill() { _ = headrace_pidfd_send_signal(descriptor.number, SIGKILL) }

  deinit {
    // A child that was forked since has a copy of this, and the process is not its child.
    guard status == nil, owner == .current else { return }
    _ = headrace_pidfd_send_signal(descriptor.number, SIGKILL)
    // A process with SIGKILL pending ends, unless it is stuck in the kernel; then a bound beats a hang.
    _ = Poll.wait(descriptor.number, until: MonotonicClock.deadline(after: .seconds(10)))
    var code: Int32 = 0
    var value: Int32 = 0
    var peak = 0
    _ = unsafe headrace_reap(descriptor.number, &code, &value, &peak)
  }
}
