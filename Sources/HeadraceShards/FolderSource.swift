import HeadraceCore
import HeadraceSystem

/// Records from image files in a folder, one subfolder per class, as torchvision's `ImageFolder` has it.
///
/// The label of a class is its index among the sorted names of the subfolders; it is field `cls`. The image is the
/// field named after its extension, `png`, whose file is read when the field is asked for. A folder without subfolders
/// gives records without labels. Names that start with a dot are left out; links are followed.
///
/// Files are sorted by the bytes of their path relative to the folder. For names in UTF-8 that is the order of Unicode
/// code points, and of Python's `sorted()` over such paths as strings.
public struct FolderSource: Source {
  /// A file and its label; the file is read when its field is asked for.
  public typealias Element = Record

  /// The folder, as given.
  public let path: String
  /// Names of the subfolders, sorted by their bytes: the label is the index. Empty for a flat folder.
  public let classNames: [String]
  /// Files of each class, in the order of `classNames`.
  public let classCounts: [Int]
  /// Files left out because they have none of the extensions: how many there are of each other extension.
  ///
  /// Extensions are in lower case and without the dot; the empty one stands for files without any. Names that start
  /// with a dot do not count.
  public let otherFileCounts: [String: Int]
  let files: [FolderTree.File]
  /// Index of each file's class; empty for a flat folder.
  let labels: [Int32]
  let limits: ShardLimits
  /// Of the files that are samples: sorted, in lower case, each once.
  private let extensions: [String]

  /// Lists the folder, once and for all epochs.
  ///
  /// - Parameter extensions: Of the files that are samples, without the dot; upper and lower case are the same.
  /// - Throws: `notFound` if there is no such folder, or no such file in it or in one of its classes; `invalidArgument`
  ///   if images lie both beside and in subfolders, for a name that is not UTF-8, and for a link to a folder around it.
  /// - Complexity: O(*n* log *n*) in the files; no file is opened.
  public init(
    _ path: String, extensions: [String] = ["png"], limits: ShardLimits = ShardLimits()
  ) throws(HeadraceError) {
    self.path = path
    self.limits = limits
    let wanted = extensions.map { asciiLowercased($0.utf8.drop { $0 == UInt8(ascii: ".") }) }
    guard !wanted.isEmpty, wanted.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: ".")) }) else {
      throw HeadraceError(
        .invalidArgument, "FolderSource was given extensions \(extensions); give some without dots, such as [\"png\"].")
    }
    self.extensions = Set(wanted).sorted()
    var tree = FolderTree(root: path, extensions: Set(wanted))
    let listing = try Self.list(&tree, wanted)
    otherFileCounts = tree.otherExtensions
    classNames = listing.classNames
    classCounts = listing.classCounts
    files = listing.files
    labels = listing.labels
  }

  /// `folder` and the path as given.
  public var name: String { "folder \(path)" }

  /// Files that are samples: each is one in every epoch.
  public var count: Int? { files.count }

  /// The folder, the extensions, and how many files there are; not the files' names.
  public var fingerprint: String {
    let endings = extensions.map { String(reflecting: $0) }.joined(separator: " ")
    return "folder \(String(reflecting: path)) of \(files.count) \(endings)"
  }

  /// Goes through the files that were listed when the source was made. Opens none.
  public func makeReader(epoch: Int) -> FolderReader { FolderReader(self) }
}

extension FolderSource {
  private typealias Lists = (classNames: [String], classCounts: [Int], files: [FolderTree.File], labels: [Int32])

  private static func list(_ tree: inout FolderTree, _ extensions: [String]) throws(HeadraceError) -> Lists {
    let path = tree.root
    let expected = extensions.map { "." + $0 }.joined(separator: ", ")
    let root: FileIdentity
    switch try located({ () throws(FileError) in try FileSystem.kind(of: path) }) {
    case .folder(let identity): root = identity
    case .missing: throw notFound("Folder \(path) does not exist; \(FileSystem.remedy(forMissing: path)).")
    case let other:
      throw notFound("\(path) is \(other), not a folder; give the folder, or use ShardSource for a tar file.")
    }
    let entries = try tree.entries(of: "")
    var files: [FolderTree.File] = []
    try tree.collect(entries, in: "", isRecursive: false, ancestors: [root], into: &files)
    let flatCount = files.count
    var classes: [(name: String, range: Range<Int>)] = []
    for entry in entries where entry.kind == .folder {
      let start = files.count
      let below = try tree.descend(entry, entry.name, [root])
      try tree.collect(
        try tree.entries(of: entry.name), in: entry.name, isRecursive: true, ancestors: below, into: &files)
      classes.append((entry.name, start..<files.count))
    }
    guard !files.isEmpty else {
      throw notFound("Folder \(path) has no file with \(expected): \(found(tree, entries, classes.count))")
    }
    let filled = classes.first { !$0.range.isEmpty }
    if flatCount > 0 {
      guard filled == nil else {
        throw HeadraceError(
          .invalidArgument,
          "Folder \(path) has images both beside its subfolders (\(files[0].path)) and in them"
            + " (\(files[filled!.range.lowerBound].path)), so labels are unclear; move the former into a subfolder.")
      }
      return ([], [], files, [])
    }
    if let empty = classes.first(where: \.range.isEmpty) {
      throw notFound(
        "Class folder \(tree.absolute(empty.name)) has no file with \(expected);"
          + " fill or remove it, since it takes a label.")
    }
    return labelled(files, classes)
  }

  /// Sorts classes by name alone: `a` before `a-b`, although path `a-b/1` comes before `a/1`.
  private static func labelled(
    _ files: [FolderTree.File], _ classes: [(name: String, range: Range<Int>)]
  ) -> Lists {
    let sorted = classes.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var labels = [Int32](repeating: 0, count: files.count)
    for (label, entry) in sorted.enumerated() {
      for index in entry.range { labels[index] = Int32(label) }
    }
    return (sorted.map(\.name), sorted.map(\.range.count), files, labels)
  }

  private static func notFound(_ message: String) -> HeadraceError { HeadraceError(.notFound, message) }

  /// What a folder has in place of images, and what to do.
  private static func found(_ tree: FolderTree, _ entries: [FolderEntry], _ folderCount: Int) -> String {
    let expected = "one subfolder of images per class was expected, or images alone"
    guard !tree.otherExtensions.isEmpty else {
      return
        "it \(entries.isEmpty ? "is empty" : "has \(HumanUnits.count(folderCount, "folder")) without files");"
        + " \(expected)."
    }
    let total = tree.otherExtensions.values.reduce(0, +)
    let kinds = tree.otherExtensions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
    let list = kinds.map { "\(HumanUnits.count($0.value)) \($0.key.isEmpty ? "without extension" : "." + $0.key)" }
    return "it has \(HumanUnits.count(total, "other file")) (\(list.joined(separator: ", "))); \(expected),"
      + " or name the extensions: FolderSource(_, extensions: [\"jpg\"])."
  }
}
