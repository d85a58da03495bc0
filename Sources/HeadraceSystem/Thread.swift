import Glibc

/// A plain POSIX thread, for a loop that has to block.
public enum Thread {
  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a detached thread that runs `body`. Whoever needs to know its end lets it say so.
  ///
  /// See `man 3 pthread_create`.
  public static func start(_ body: @escaping @Sendable () -> Void) throws(Errno) {
    var handle = pthread_t()
    let start = unsafe Unmanaged.passRetained(Start(body))
    let result = unsafe pthread_create(
      &handle, nil,
      { argument in
        unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    guard result == 0 else {
      unsafe start.release()
      throw Errno("pthread_create", code: result)
    }
    pthread_detach(handle)
  }

  private final class Call {
    let body: () -> Int32
    var result: Int32 = 0
    init(_ body: @escaping () -> Int32) { self.body = body }
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
      let call = Call(body)
      var handle = pthread_t()
      let code = unsafe pthread_create(
        &handle, nil,
        { argument in
          let call = unsafe Unmanaged<Call>.fromOpaque(argument!).takeUnretainedValue()
          call.result = call.body()
          return nil
        }, Unmanaged.passUnretained(call).toOpaque())
      guard code == 0 else { throw Errno("pthread_create", code: code) }
      // From here to the end of the new thread this one takes no lock.
      pthread_join(handle, nil)
      return call.result
    }
  }
}
