import CHeadraceLinux
import Glibc

/// An action on a file that failed: what was tried, on which path, the reason, and the remedy.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the system or the path itself has against an action.
  public enum Reason: Hashable, Sendable {
    /// The number of the system's error (errno(3)).
    case system(Int32)
    /// It is no regular file but this.
    case kind(FileKind)
  }

  /// What was tried: `Opening`, `Reading`, ...
  public var action: String
  /// The path as the caller gave it.
  public var path: String
  /// Why it failed.
  public var reason: Reason

  /// Says that `action`, such as `Opening`, failed on `path`.
  public init(action: String, path: String, reason: Reason) {
    self.action = action
    self.path = path
    self.reason = reason
  }

  /// The error that the call which has just failed left in `errno`.
  static func last(_ action: String, _ path: String) -> FileError {
    FileError(action: action, path: path, reason: .system(errno))
  }

  /// Whether there is no such file.
  public var isMissing: Bool { reason == .system(ENOENT) }

  /// Whether what was to be created is there already.
  public var isPresent: Bool { reason == .system(EEXIST) }

  /// What to do about it, to stand behind a semicolon: `give a file, not a folder`.
  public var remedy: String {
    switch reason {
    case .kind(.folder): "give a file, not a folder"
    case .kind: "write what it gives to a file, and give that"
    case .system(ENOENT): FileSystem.remedy(forMissing: path)
    case .system(EACCES), .system(EPERM): "give this process's user the permission"
    case .system(EMFILE), .system(ENFILE): "close files or raise the limit (ulimit -n)"
    case .system(ENOTDIR): "give a folder, not a file"
    case .system(EEXIST): "remove that file or choose another name"
    case .system(ENOSPC), .system(EDQUOT): "free space on the disk or write elsewhere"
    case .system(EIO): "the disk or the network file system fails: look at the kernel's log"
    case .system: "look at the file and its file system"
    }
  }

  /// For example `Opening a.tar failed: Permission denied (errno 13); give this process's user the permission.`
  public var description: String {
    switch reason {
    case .kind(let kind): return "\(action) \(path) failed: it is \(kind), not a regular file; \(remedy)."
    case .system(let code):
      let text = unsafe headrace_errno_description(code).map { unsafe String(cString: $0) } ?? "unknown error"
      return "\(action) \(path) failed: \(text) (errno \(code)); \(remedy)."
    }
  }
}
