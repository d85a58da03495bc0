import Glibc

/// An open file, closed when the value goes.
public struct File: ~Copyable, Sendable {
  /// The path that it was opened by; it may lead elsewhere by now.
  public let path: String
  private let descriptor: FileDescriptor

  /// Opens a regular file for reading, front to back. See `man 2 open`, `man 2 posix_fadvise`.
  ///
  /// Anything else, such as a FIFO or a device, is refused: it may give no byte for ever, or bytes without end.
  public init(reading path: String) throws(FileError) {
    // O_NONBLOCK: opening a FIFO would wait for who writes to it. Reading a regular file is the same with it.
    let descriptor: FileDescriptor
    do {
      descriptor = try Self.open(path, O_RDONLY | O_NONBLOCK, "Opening")
    } catch {
      // A socket cannot be opened at all.
      guard error.reason == .system(ENXIO), let kind = try? FileSystem.kind(of: path) else { throw error }
      throw FileError(action: "Reading", path: path, reason: .kind(kind))
    }
    let kind = FileKind(try Self.status(descriptor.number, path))
    guard kind == .file else { throw FileError(action: "Reading", path: path, reason: .kind(kind)) }
    // Advice only: a file system that has no read-ahead refuses it, and nothing is lost.
    _ = posix_fadvise(descriptor.number, 0, 0, POSIX_FADV_SEQUENTIAL)
    self.path = path
    self.descriptor = descriptor
  }

  /// Creates a file that must not exist yet. See `man 2 open`.
  public init(creating path: String) throws(FileError) {
    descriptor = try Self.open(path, O_WRONLY | O_CREAT | O_EXCL, "Creating")
    self.path = path
  }

  /// Opens a folder: for its lock, since there is nothing to read or write. See `man 2 open`, O_DIRECTORY.
  package init(folder path: String) throws(FileError) {
    descriptor = try Self.open(path, O_RDONLY | O_DIRECTORY, "Opening folder")
    self.path = path
  }

  /// Takes ownership of an open descriptor; `path` is for messages.
  init(owning descriptor: consuming FileDescriptor, path: String) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Bytes in the file now. See `man 2 fstat`.
  public func size() throws(FileError) -> Int {
    Int(try Self.status(descriptor.number, path).st_size)
  }

  /// Appends what one read gives; nothing at the end of the file. See `man 2 read`.
  public func read(into output: inout OutputSpan<UInt8>) throws(FileError) {
    try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(FileError) in
      let free = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
      guard free.count > 0 else { return }
      count += try Self.calling("Reading", path) { unsafe Glibc.read(descriptor.number, free.baseAddress, free.count) }
    }
  }

  /// Appends what one read from `offset` gives; nothing at or behind the end of the file. See `man 2 pread`.
  public func read(into output: inout OutputSpan<UInt8>, at offset: Int) throws(FileError) {
    try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(FileError) in
      let free = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
      guard free.count > 0 else { return }
      count += try Self.calling("Reading", path) {
        unsafe pread(descriptor.number, free.baseAddress, free.count, offset)
      }
    }
  }

  /// Writes all of `bytes` at the end. See `man 2 write`.
  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    try unsafe bytes.withUnsafeBytes { buffer throws(FileError) in
      var done = 0
      while done < buffer.count {
        done += try Self.calling("Writing", path) {
          unsafe Glibc.write(descriptor.number, buffer.baseAddress! + done, buffer.count - done)
        }
      }
    }
  }

  /// Waits until the contents are on the disk. See `man 2 fsync`.
  public func synchronize() throws(FileError) {
    _ = try Self.calling("Writing", path) { fsync(descriptor.number) }
  }

  /// Takes the file's lock without waiting; it goes with the file, also if the process is killed. See `man 2 flock`.
  package func lock() -> FileLock {
    while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      return errno == EWOULDBLOCK ? .held : .unavailable
    }
    return .taken
  }

  /// Whether the file still has a name in some folder. See `man 2 fstat`, st_nlink.
  package var hasName: Bool { ((try? Self.status(descriptor.number, path))?.st_nlink ?? 0) > 0 }

  private static func open(_ path: String, _ flags: Int32, _ action: String) throws(FileError) -> FileDescriptor {
    FileDescriptor(owning: try calling(action, path) { unsafe Glibc.open(path, flags | O_CLOEXEC, 0o666) })
  }

  private static func status(_ descriptor: Int32, _ path: String) throws(FileError) -> stat {
    var status = stat()
    _ = try calling("Reading", path) { unsafe fstat(descriptor, &status) }
    return status
  }

  /// Runs `call` until no signal interrupts it, and says of one that fails what it was to do, and with which file.
  private static func calling<Value: BinaryInteger>(
    _ action: String, _ path: String, _ call: () -> Value
  ) throws(FileError) -> Value {
    do {
      return try retryingOnInterrupt(action, call)
    } catch {
      throw FileError(action: action, path: path, reason: .system(error.code))
    }
  }
}
