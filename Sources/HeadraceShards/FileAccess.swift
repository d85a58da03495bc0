import Glibc
import HeadraceCore

// The target's only use of libc: files, folders and the errors they bring.

/// An open file, closed when the value goes.
struct OpenFile: ~Copyable {
  let path: String
  private let descriptor: Int32

  /// Opens a regular file for reading, front to back. See: `man 2 open`, `man 2 posix_fadvise`.
  init(reading path: String) throws(HeadraceError) {
    let descriptor = retrying { unsafe open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw HeadraceError.file("Opening", path, errno: errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      let failure = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : errno
      _ = close(descriptor)
      throw HeadraceError.file("Reading", path, errno: failure)
    }
    self.path = path
    self.descriptor = descriptor
    // Advice only: a file system that has no read-ahead refuses it, and nothing is lost.
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// Creates a file that must not exist yet. See: `man 2 open`.
  init(creating path: String) throws(HeadraceError) {
    let descriptor = retrying { unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw HeadraceError.file("Creating", path, errno: errno) }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { _ = close(descriptor) }

  /// Bytes in the file now. See: `man 2 fstat`.
  func size() throws(HeadraceError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw HeadraceError.file("Reading", path, errno: errno) }
    return Int(status.st_size)
  }

  /// Appends what one read gives; nothing at the end of the file. See: `man 2 read`.
  func read(into output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    var failure: Int32 = 0
    unsafe output.withUnsafeMutableBufferPointer { buffer, count in
      let free = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
      guard free.count > 0 else { return }
      let received = retrying { unsafe Glibc.read(descriptor, free.baseAddress, free.count) }
      if received < 0 { failure = errno } else { count += received }
    }
    guard failure == 0 else { throw HeadraceError.file("Reading", path, errno: failure) }
  }

  /// Writes all of `bytes` at the end. See: `man 2 write`.
  func write(_ bytes: Span<UInt8>) throws(HeadraceError) {
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
    guard failure == 0 else { throw HeadraceError.file("Writing", path, errno: failure) }
  }

  /// Waits until the contents are on the disk. See: `man 2 fsync`.
  func synchronize() throws(HeadraceError) {
    guard retrying({ fsync(descriptor) }) == 0 else { throw HeadraceError.file("Writing", path, errno: errno) }
  }
}

/// What a path leads to, links followed.
enum FileKind: Equatable {
  case missing
  case file
  case folder(FileIdentity)
  case other
}

/// Which folder it is, whatever the path. See: `man 3 stat`.
struct FileIdentity: Hashable {
  var device: UInt
  var inode: UInt
}

/// Questions and changes that need no open file.
enum FileAccess {
  /// What is at `path`. A link that leads nowhere is missing.
  static func kind(of path: String) throws(HeadraceError) -> FileKind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      let failure = errno
      if failure == ENOENT || failure == ENOTDIR { return .missing }
      throw HeadraceError.file("Looking up", path, errno: failure)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder(FileIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino)))
    default: return .other
    }
  }

  /// All bytes of a file of at most `limit` bytes, in one allocation unless the file grows meanwhile.
  static func contents(of path: String, limit: Int) throws(HeadraceError) -> [UInt8] {
    let file = try OpenFile(reading: path)
    let size = try file.size()
    var bytes: [UInt8] = []
    var isAtEnd = false
    while !isAtEnd {
      guard max(size, bytes.count) <= limit else {
        throw HeadraceError(
          .limitExceeded,
          "File \(path) holds \(max(size, bytes.count)) bytes, more than the limit of \(limit);"
            + " raise ShardLimits.memberSize.")
      }
      // One byte more than the size shows the end without a second allocation.
      let room = max(size + 1 - bytes.count, 4096)
      try bytes.append(addingCapacity: room) { (output: inout OutputSpan<UInt8>) throws(HeadraceError) in
        while !output.isFull && !isAtEnd {
          let before = output.count
          try file.read(into: &output)
          isAtEnd = output.count == before
        }
      }
    }
    return bytes
  }

  /// Gives `new` the contents of `old` in one step, replacing what was there. See: `man 2 rename`.
  static func rename(_ old: String, to new: String) throws(HeadraceError) {
    guard unsafe Glibc.rename(old, new) == 0 else { throw HeadraceError.file("Renaming to", new, errno: errno) }
  }

  /// Removes a file; says nothing if that fails, since it is only used to tidy up.
  static func remove(_ path: String) {
    _ = unsafe unlink(path)
  }
}

/// One name in a folder.
struct FolderEntry {
  enum Kind { case file, folder, link, unknown, other }
  var name: String
  /// False if bytes of the name had to be replaced, so that no file can be opened by it.
  var isExact: Bool
  var kind: Kind
}

extension FileAccess {
  /// The names in a folder without those that start with a dot, in no order. See: `man 3 readdir`.
  static func entries(of path: String) throws(HeadraceError) -> [FolderEntry] {
    guard let folder = unsafe opendir(path) else { throw HeadraceError.file("Listing", path, errno: errno) }
    defer { _ = unsafe closedir(folder) }
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
    var entries: [FolderEntry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else {
        guard errno == 0 else { throw HeadraceError.file("Listing", path, errno: errno) }
        return entries
      }
      // The name is shorter than the struct says: take its address, do not copy the struct.
      let bytes = unsafe UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: UInt8.self)
      guard unsafe bytes[0] != UInt8(ascii: ".") else { continue }
      let exact = unsafe String(validatingCString: UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self))
      let kind: FolderEntry.Kind =
        switch unsafe Int(entry.pointee.d_type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .link
        case Int(DT_UNKNOWN): .unknown
        default: .other
        }
      unsafe entries.append(FolderEntry(name: exact ?? String(cString: bytes), isExact: exact != nil, kind: kind))
    }
  }
}

/// Repeats a system call that a signal interrupted.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

extension HeadraceError {
  /// A failed system call on a file: what was tried, on which path, the system's reason, and the remedy.
  fileprivate static func file(_ action: String, _ path: String, errno number: Int32) -> HeadraceError {
    let remedy =
      switch number {
      case ENOENT: "check the path, which is taken from the working directory if it does not start with /"
      case EACCES, EPERM: "give this process's user the permission"
      case EMFILE, ENFILE: "close files or raise the limit (ulimit -n)"
      case EISDIR: "give a file, not a folder"
      case ENOTDIR: "give a folder, not a file"
      case EEXIST: "remove that file or choose another name"
      case ENOSPC, EDQUOT: "free space on the disk or write elsewhere"
      case EIO: "the disk or the network file system fails: look at the kernel's log"
      default: "look at the file and its file system"
      }
    let reason = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
      _ = unsafe strerror_r(number, text.baseAddress!, text.count)
      return unsafe String(cString: text.baseAddress!)
    }
    return HeadraceError(
      number == ENOENT ? .notFound : .inputOutput, "\(action) \(path) failed: \(reason) (errno \(number)); \(remedy).")
  }
}
