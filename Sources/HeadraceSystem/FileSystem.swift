import Glibc

/// Questions and changes that need no open file.
public enum FileSystem {
  /// Whether a file can have this path: to the system it ends at its first zero byte.
  public static func isPossible(_ path: String) -> Bool { !path.isEmpty && !path.utf8.contains(0) }

  /// What is at `path`. A link that leads nowhere is missing.
  public static func kind(of path: String) throws(FileError) -> FileKind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      let failure = errno
      if failure == ENOENT || failure == ENOTDIR { return .missing }
      throw FileError(action: "Looking up", path: path, reason: .system(failure))
    }
    return FileKind(status)
  }

  /// The folder in which relative paths begin; nil if it is gone. See `man 3 getcwd`.
  public static var currentDirectory: String? {
    guard let path = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// Lets relative paths begin in `path`. Returns false if that is not possible. See `man 2 chdir`.
  @discardableResult public static func changeDirectory(_ path: String) -> Bool { unsafe chdir(path) == 0 }

  /// Where the links at `path` lead, whether anything is there or not; `path` itself where it is no link. See
  /// `man 2 readlink`.
  public static func destination(of path: String) -> String {
    var path = path
    // As many as the kernel follows: in a circle any of them is as good, since none can be opened.
    for _ in 0..<40 {
      var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = unsafe bytes.withUnsafeMutableBytes { unsafe readlink(path, $0.baseAddress!, $0.count) }
      guard count > 0 else { break }
      let link = String(decoding: bytes[..<count], as: UTF8.self)
      let folder = link.hasPrefix("/") ? nil : path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] }
      path = (folder ?? "") + link
    }
    return path
  }

  /// What to do about a path that leads nowhere.
  ///
  /// Bytes of a name that are not UTF-8 become U+FFFD in a String, by which no file can be found again.
  public static func remedy(forMissing path: String) -> String {
    path.contains("\u{FFFD}")
      ? "its name is not UTF-8 where \u{FFFD} stands, and cannot be opened: rename it"
      : "check the path, which is taken from the working directory if it does not start with /"
  }

  /// Gives `new` the contents of `old` in one step, replacing what was there. See `man 2 rename`.
  public static func rename(_ old: String, to new: String) throws(FileError) {
    guard unsafe Glibc.rename(old, new) == 0 else { throw FileError.last("Renaming to", new) }
  }

  /// Creates a folder that must not exist yet, in one that must. See `man 2 mkdir`.
  public static func createFolder(_ path: String) throws(FileError) {
    guard unsafe mkdir(path, 0o777) == 0 else { throw FileError.last("Creating folder", path) }
  }

  /// Removes an empty folder; says nothing if that fails, since it is only used to tidy up.
  public static func removeFolder(_ path: String) {
    _ = unsafe rmdir(path)
  }

  /// Removes a file; says nothing if that fails, since it is only used to tidy up.
  public static func remove(_ path: String) {
    _ = unsafe unlink(path)
  }

  /// The names in a folder, in no order. See `man 3 readdir`.
  ///
  /// - Parameter includingHidden: whether those that start with a dot are among them, but for `.` and `..`.
  public static func entries(of path: String, includingHidden: Bool = false) throws(FileError) -> [FolderEntry] {
    guard let folder = unsafe opendir(path) else { throw FileError.last("Listing", path) }
    defer { _ = unsafe closedir(folder) }
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
    var entries: [FolderEntry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else {
        guard errno == 0 else { throw FileError.last("Listing", path) }
        return entries
      }
      // The name is shorter than the struct says: take its address, do not copy the struct.
      let bytes = unsafe UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: UInt8.self)
      if unsafe bytes[0] == UInt8(ascii: "."), !includingHidden { continue }
      let exact = unsafe String(validatingCString: UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self))
      let kind: FolderEntry.Kind =
        switch unsafe Int(entry.pointee.d_type) {
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .link
        case Int(DT_UNKNOWN): .unknown
        default: .file
        }
      if exact == "." || exact == ".." { continue }
      unsafe entries.append(FolderEntry(name: exact ?? String(cString: bytes), isExact: exact != nil, kind: kind))
    }
  }
}
