import Glibc

/// An open file, closed when the value goes.
public struct File: ~Copyable, Sendable {
  public let path: String
  private let descriptor: Int32

  /// Opens a regular file for reading, front to back. See: `man 2 open`, `man 2 posix_fadvise`.
  public init(reading path: String) throws(FileError) {
    let descriptor = retrying { unsafe open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError.last("Opening", path) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      let failure = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : errno
      _ = close(descriptor)
      throw FileError(action: "Reading", path: path, code: failure)
    }
    self.path = path
    self.descriptor = descriptor
    // Advice only: a file system that has no read-ahead refuses it, and nothing is lost.
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// Creates a file that must not exist yet. See: `man 2 open`.
  public init(creating path: String) throws(FileError) {
    let descriptor = retrying { unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw FileError.last("Creating", path) }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { _ = close(descriptor) }

  /// Bytes in the file now. See: `man 2 fstat`.
  public func size() throws(FileError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw FileError.last("Reading", path) }
    return Int(status.st_size)
  }

  /// Appends what one read gives; nothing at the end of the file. See: `man 2 read`.
  public func read(into output: inout OutputSpan<UInt8>) throws(FileError) {
    var failure: Int32 = 0
    unsafe output.withUnsafeMutableBufferPointer { buffer, count in
      let free = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
      guard free.count > 0 else { return }
      let received = retrying { unsafe Glibc.read(descriptor, free.baseAddress, free.count) }
      if received < 0 { failure = errno } else { count += received }
    }
    guard failure == 0 else { throw FileError(action: "Reading", path: path, code: failure) }
  }

  /// Writes all of `bytes` at the end. See: `man 2 write`.
  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    let failure: Int32 = unsafe bytes.withUnsafeBytes { buffer in
      var rest = unsafe buffer[...]
      while unsafe !rest.isEmpty {
        let region = unsafe UnsafeRawBufferPointer(rebasing: rest)
        let written = retrying { unsafe Glibc.write(descriptor, region.baseAddress, region.count) }
        if written < 0 { return errno }
        unsafe rest = rest.dropFirst(written)
      }
      return 0
    }
    guard failure == 0 else { throw FileError(action: "Writing", path: path, code: failure) }
  }

  /// Waits until the contents are on the disk. See: `man 2 fsync`.
  public func synchronize() throws(FileError) {
    guard retrying({ fsync(descriptor) }) == 0 else { throw FileError.last("Writing", path) }
  }
}

/// Repeats a system call that a signal interrupted.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
