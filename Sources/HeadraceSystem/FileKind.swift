/// What a path leads to, links followed.
public enum FileKind: Hashable, Sendable {
  case missing
  case file
  case folder(FileIdentity)
  case other

  public var isFolder: Bool {
    if case .folder = self { return true }
    return false
  }
}

/// Which folder it is, whatever the path. See: `man 3 stat`.
public struct FileIdentity: Hashable, Sendable {
  public var device: UInt
  public var inode: UInt
}
