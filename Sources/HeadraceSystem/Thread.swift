import CHeadraceLinux
import Glibc

/// A plain POSIX thread, for a loop that has to block.
public enum Thread {
  private final class Start {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Starts a detached thread that runs `body`. Whoever needs to know its end lets it say so.
  ///
  /// See `man 3 pthread_create`, and PR_SET_NAME in `man 2 prctl`.
  ///
  /// - Parameters:
  ///   - name: what debuggers and `top -H` call it; the kernel keeps 15 bytes. Nil: as the process.
  ///   - niceness: what is added to the process's, 0 to 19 (`man 2 setpriority`: on Linux it is a thread's).
  /// - Throws: EAGAIN when the system permits no further thread: a limit on processes, or no room for its stack.
  public static func start(
    name: String? = nil, niceness: Int = 0, _ body: @escaping @Sendable () -> Void
  ) throws(Errno) {
    let handle = try spawn(
      Start {
        if let name { _ = unsafe headrace_set_thread_name(name) }
        // Lower than before is always permitted.
        if niceness > 0 { try? ThreadRank.addNiceness(niceness) }
        body()
      })
    pthread_detach(handle)
  }

  /// Lets another thread that is ready have the processor. See `man 2 sched_yield`.
  public static func yield() { sched_yield() }

  /// Runs `body` on a new thread and waits for its end.
  ///
  /// For the child of a fork. The Swift runtime keeps each thread's number, which stands in its locks as the owner, in
  /// a variable of the thread; fork copies that variable, so the child's first thread locks in the name of its
  /// parent's. As soon as another thread contends for such a lock the kernel looks for the wrong owner, and both wait
  /// for ever.
  ///
  /// See `man 2 futex`, FUTEX_LOCK_PI.
  static func runToEnd(_ body: () -> Int32) throws(Errno) -> Int32 {
    try withoutActuallyEscaping(body) { body throws(Errno) in
      var result: Int32 = 0
      // From here to the end of the new thread this one takes no lock.
      pthread_join(try spawn(Start { result = body() }), nil)
      return result
    }
  }

  private static func spawn(_ start: Start) throws(Errno) -> pthread_t {
    var handle = pthread_t()
    let argument = unsafe Unmanaged.passRetained(start)
    let code = unsafe pthread_create(
      &handle, nil,
      { argument in
        unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, argument.toOpaque())
    guard code == 0 else {
      unsafe argument.release()
      throw Errno("pthread_create", code: code)
    }
    return handle
  }
}
