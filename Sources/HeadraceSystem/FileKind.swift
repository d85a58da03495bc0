import Glibc

/// What a path names.
public enum FileKind {
  /// Whether it is a folder, links followed (stat(2)).
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
