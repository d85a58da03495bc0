/// One name in a folder.
public struct FolderEntry: Sendable {
  /// What it is, as far as the folder tells without a look at the entry itself (`d_type` of readdir(3)).
  public enum Kind: Sendable {
    /// A file, or what is neither folder nor link: a FIFO, a socket, a device.
    case file
    /// A folder.
    case folder
    /// A symbolic link, to whatever.
    case link
    /// The file system does not tell: ask `FileSystem.kind(of:)`.
    case unknown
  }

  /// The name without the folder's path.
  public var name: String
  /// False if bytes of the name had to be replaced, so that no file can be opened by it.
  public var isExact: Bool
  /// What it is, links not followed.
  public var kind: Kind
}
