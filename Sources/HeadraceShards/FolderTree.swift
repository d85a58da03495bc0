import HeadraceCore
import HeadraceSystem

/// Lists the files of a folder and its subfolders once, in the order of their paths' bytes.
struct FolderTree {
  /// A file with one of the extensions: its path relative to the folder, and the extension in lower case.
  struct File {
    var path: String
    var field: String
  }

  let root: String
  let extensions: Set<String>
  /// Files that have none of the extensions, by what they have instead.
  private(set) var otherExtensions: [String: Int] = [:]

  init(root: String, extensions: Set<String>) {
    self.root = root
    self.extensions = extensions
  }

  /// The names directly in `folder` (relative to the root, empty for the root itself), in byte order.
  ///
  /// A folder sorts as if its name ended in a slash, so that going down in this order gives whole paths in order.
  func entries(of folder: String) throws(HeadraceError) -> [FolderEntry] {
    var entries: [(key: String, entry: FolderEntry)] = []
    for var entry in try located({ () throws(FileError) in try FileSystem.entries(of: absolute(folder)) }) {
      if entry.kind == .link || entry.kind == .unknown {
        let kind = try located { () throws(FileError) in
          try FileSystem.kind(of: absolute(Self.join(folder, entry.name)))
        }
        entry.kind = kind.isFolder ? .folder : .file
      }
      // A link that leads nowhere, a FIFO and the like stay in the list: whoever asks for its field is told.
      entries.append((entry.kind == .folder ? entry.name + "/" : entry.name, entry))
    }
    entries.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return entries.map(\.entry)
  }

  /// Appends the matching files of `entries` and, if `isRecursive`, of the folders below.
  ///
  /// - Parameter ancestors: The folders on the way from the root, so that a link to one of them is noticed.
  mutating func collect(
    _ entries: [FolderEntry], in folder: String, isRecursive: Bool, ancestors: Set<FileIdentity>,
    into files: inout [File]
  ) throws(HeadraceError) {
    for entry in entries {
      let path = Self.join(folder, entry.name)
      if entry.kind == .folder {
        guard isRecursive else { continue }
        let below = try descend(entry, path, ancestors)
        try collect(try self.entries(of: path), in: path, isRecursive: true, ancestors: below, into: &files)
      } else {
        let field = Self.lastExtension(of: entry.name)
        guard extensions.contains(field) else {
          otherExtensions[field, default: 0] += 1
          continue
        }
        try requireExact(entry, path)
        files.append(File(path: path, field: field))
      }
    }
  }

  /// The ancestors of what is in `folder`.
  func descend(
    _ entry: FolderEntry, _ folder: String, _ ancestors: Set<FileIdentity>
  ) throws(HeadraceError) -> Set<FileIdentity> {
    try requireExact(entry, folder)
    guard
      case .folder(let identity) = try located({ () throws(FileError) in try FileSystem.kind(of: absolute(folder)) })
    else { return ancestors }
    guard !ancestors.contains(identity) else {
      throw HeadraceError(
        .invalidArgument, "Folder \(absolute(folder)) is a link to a folder that it is in; remove the link.")
    }
    return ancestors.union([identity])
  }

  func absolute(_ path: String) -> String { Self.join(root, path) }

  private func requireExact(_ entry: FolderEntry, _ path: String) throws(HeadraceError) {
    guard entry.isExact else {
      throw HeadraceError(.invalidArgument, "The name \(absolute(path)) is not UTF-8; rename it.")
    }
  }

  /// The path of `name` in `folder`; either may be empty, for the other alone.
  static func join(_ folder: String, _ name: String) -> String {
    if folder.isEmpty || name.isEmpty { return folder + name }
    return folder.utf8.last == UInt8(ascii: "/") ? folder + name : "\(folder)/\(name)"
  }

  /// What follows the last dot of a name, in lower case; empty without a dot.
  private static func lastExtension(of name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return asciiLowercased(name.utf8[name.utf8.index(after: dot)...])
  }
}
