import CHeadraceLinux

/// Whether a fork of this process would give a child that works.
///
/// After a process has used a Dispatch queue's `async`, a timer or a `Task`, the Dispatch queues of its forked children
/// hang silently: the child believes in threads that fork did not copy. fork(2) copies the calling thread alone.
public enum ForkSafety {
  /// Why a fork now would not be safe.
  public enum Hazard: Sendable, Hashable {
    /// Dispatch, or Swift concurrency on top of it, has started threads; ended or not, its state remembers them.
    case dispatchStarted
    /// Other threads run, which may hold locks that would stay locked in the child.
    case otherThreads(count: Int)
  }

  /// The hazard there is now; nil while the process is cold.
  public static var hazard: Hazard? {
    if headrace_dispatch_is_multithreaded() == 1 { return .dispatchStarted }
    let threads = threadCount
    return threads > 1 ? .otherThreads(count: threads - 1) : nil
  }

  /// Threads of this process: entries of /proc/self/task.
  public static var threadCount: Int {
    max(1, (try? FileSystem.entries(of: "/proc/self/task").count) ?? 1)
  }
}
