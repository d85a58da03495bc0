import Glibc

/// A plain POSIX thread, for the one loop that has to block: joined when the value goes away.
public struct Thread: ~Copyable, @unchecked Sendable {
  private let handle: pthread_t

  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread that runs `body`. See `man 3 pthread_create`.
  public init(_ body: @escaping @Sendable () -> Void) throws(Errno) {
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
    self.handle = handle
  }

  deinit {
    pthread_join(handle, nil)
  }
}
