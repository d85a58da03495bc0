/// One name in a folder.
public struct FolderEntry: Sendable {
  public enum Kind: Sendable { case file, folder, link, unknown, other }
  public var name: String
  /// False if bytes of the name had to be replaced, so that no file can be opened by it.
  public var isExact: Bool
  public var kind: Kind
}
