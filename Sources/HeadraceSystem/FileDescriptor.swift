import Glibc

/// An open file, closed when the value goes away.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The descriptor's number; borrowed, not to be closed by the caller.
  public let number: Int32

  /// Takes ownership of an open descriptor.
  public init(owning number: Int32) {
    self.number = number
  }

  deinit {
    // close(2): the descriptor is gone whatever the result, also after EINTR.
    close(number)
  }
}
