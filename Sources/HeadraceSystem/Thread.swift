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
}
