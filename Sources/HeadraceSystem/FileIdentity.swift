/// Which folder it is, whatever the path. See `man 3 stat`.
public struct FileIdentity: Hashable, Sendable {
  /// The file system that it is on (`st_dev`).
  public var device: UInt
  /// Its number there (`st_ino`).
  public var inode: UInt
}
