import Glibc

/// An open file, closed when the value goes away.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The descriptor's number; borrowed, not to be closed by the caller.
  public let number: Int32

  /// Takes ownership of an open descriptor.
  ///
  /// In a program that was started with a standard stream closed, the kernel gives its number to whatever is opened
  /// next, and what somebody prints would end up in a ring. Such a descriptor moves to a number above (fcntl(2),
  /// F_DUPFD).
  public init(owning number: Int32) {
    guard (0...2).contains(number) else {
      self.number = number
      return
    }
    let moved = fcntl(number, F_DUPFD_CLOEXEC, 3)
    self.number = moved >= 0 ? moved : number
    if moved >= 0 { close(number) }
  }

  deinit {
    // close(2): the descriptor is gone whatever the result, also after EINTR.
    close(number)
  }
}

extension FileDescriptor {
  /// Fills all of `bytes` from `offset` on. Returns false if there are not as many. See `man 2 pread`.
  func fill(_ bytes: UnsafeMutableRawBufferPointer, from offset: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = try? retryingOnInterrupt("pread") {
        unsafe pread(number, bytes.baseAddress! + done, bytes.count - done, offset + done)
      }
      guard let count, count > 0 else { return false }
      done += count
    }
    return true
  }
}
