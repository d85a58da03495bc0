import CHeadraceLinux
import Glibc

/// A system call on a file that failed: what was tried, on which path, the system's reason, and the remedy.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried: `Opening`, `Reading`, ...
  public var action: String
  public var path: String
  /// The error number (errno(3)).
  public var code: Int32

  /// The error that the call which has just failed left in `errno`.
  static func last(_ action: String, _ path: String) -> FileError {
    FileError(action: action, path: path, code: errno)
  }

  /// Whether there is no such file.
  public var isMissing: Bool { code == ENOENT }

  public var remedy: String {
    switch code {
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
  }

  /// For example `Opening a.tar failed: Permission denied (errno 13); give this process's user the permission.`
  public var description: String {
    let reason = unsafe headrace_errno_description(code).map { unsafe String(cString: $0) } ?? "unknown error"
    return "\(action) \(path) failed: \(reason) (errno \(code)); \(remedy)."
  }
}
