import Glibc
import Synchronization

/// A plain POSIX thread, for a loop that has to block.
public enum Thread {
  private final class Start {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Starts a detached thread that runs `body`. Whoever needs to know its end lets it say so.
  ///
  /// See `man 3 pthread_create`.
  public static func start(_ body: @escaping @Sendable () -> Void) throws(Errno) {
    pthread_detach(try spawn(Start(body)))
  }

  /// Makes `count` threads at one time and lets them end, to learn whether the system permits so many.
  ///
  /// For those who use Dispatch: it is never told that a thread is refused, and tries again for ever.
  ///
  /// - Throws: the error of the first thread that is refused.
  /// - Complexity: about 15 microseconds a thread.
  public static func probe(count: Int) throws(Errno) {
    final class Gate: Sendable { let mutex = Mutex<Void>(()) }
    let gate = Gate()
    var handles: [pthread_t] = []
    let refusal: Errno? = gate.mutex.withLock { _ in
      do throws(Errno) {
        for _ in 0..<count { handles.append(try spawn(Start { gate.mutex.withLock { _ in } })) }
        return nil
      } catch {
        return error
      }
    }
    for handle in handles { pthread_join(handle, nil) }
    if let refusal { throw refusal }
  }

  /// Threads of this process whose names end in `suffix`.
  ///
  /// See `man 5 proc_pid_comm`: of a longer name the first 15 bytes are there.
  public static func count(nameEndingIn suffix: String) -> Int {
    guard let tasks = try? FileSystem.entries(of: "/proc/self/task") else { return 0 }
    return tasks.count { SmallFile.read("/proc/self/task/\($0.name)/comm")?.hasSuffix("\(suffix)\n") ?? false }
  }

  /// Runs `body` on a new thread and waits for its end.
  ///
  /// For the child of a fork. The Swift runtime keeps each thread's number, which stands in its locks as the owner, in a
  /// variable of the thread; fork copies that variable, so the child's first thread locks in the name of its parent's.
  /// As soon as another thread contends for such a lock the kernel looks for the wrong owner, and both wait for ever.
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
