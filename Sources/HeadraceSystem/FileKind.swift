import Glibc

/// What a path leads to, links followed.
public enum FileKind: Hashable, Sendable {
  /// Nothing, or a link that leads to nothing.
  case missing
  /// A regular file.
  case file
  /// A folder, and which: two paths can lead to the same.
  case folder(FileIdentity)
  /// A named pipe, which may give no byte for ever. See `man 7 fifo`.
  case fifo
  /// A Unix socket, which cannot be opened.
  case socket
  /// A character or block device, which may give bytes without end.
  case device

  /// What stat(2) says of something that exists. See `man 7 inode`.
  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder(FileIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino)))
    case S_IFIFO: self = .fifo
    case S_IFSOCK: self = .socket
    default: self = .device
    }
  }

  /// True for `folder`, whichever it is.
  public var isFolder: Bool {
    if case .folder = self { return true }
    return false
  }
}

extension FileKind: CustomStringConvertible {
  /// With its article, for messages: `a FIFO`.
  public var description: String {
    switch self {
    case .missing: "missing"
    case .file: "a file"
    case .folder: "a folder"
    case .fifo: "a FIFO"
    case .socket: "a socket"
    case .device: "a device"
    }
  }
}
