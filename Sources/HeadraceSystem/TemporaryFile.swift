import Glibc

/// A file in the making, under a name of its own beside the one that it gets when it is whole.
///
/// Any number of processes can make the same file at once: each has its temporary one, and the last that is whole
/// stays. Without `keep()` it is removed with the value. Of a process that was killed the temporary file stays behind
/// until somebody makes the same file again: it is known by its name, and by a lock that nobody holds any more.
package struct TemporaryFile: ~Copyable, Sendable {
  /// The name that it gets.
  package let path: String
  /// The name that it has: `path`, then 13 random letters and digits, then `partial`.
  package let temporaryPath: String
  private let file: File
  private let owner = ProcessIdentity.current
  private var isKept = false

  private static let ending = ".partial"
  /// 64 bits with 36 digits, 0 to 9 and a to z.
  private static let randomDigitCount = 13

  /// Creates the file, empty, and removes what killed processes have left of the same.
  package init(for path: String) throws(FileError) {
    Self.removeAbandoned(of: path)
    while true {
      let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let zeros = String(repeating: "0", count: Self.randomDigitCount - random.utf8.count)
      let name = "\(path).\(zeros)\(random)\(Self.ending)"
      let file: File
      do throws(FileError) {
        file = try File(creating: name)
      } catch {
        if error.isPresent { continue }
        throw error
      }
      // Between its creation and its lock the file looks abandoned, and another process may hold or have removed it.
      if file.lock() != .held, file.hasName {
        self.init(file, at: name, for: path)
        return
      }
      FileSystem.remove(name)
    }
  }

  /// For tests: `file` is written to, `temporaryPath` is renamed or removed.
  init(_ file: consuming File, at temporaryPath: String, for path: String) {
    self.file = file
    self.temporaryPath = temporaryPath
    self.path = path
  }

  deinit {
    // A forked child's copy is of a file that its parent still writes.
    if !isKept && owner == .current { FileSystem.remove(temporaryPath) }
  }

  /// Writes all of `bytes` at the end.
  package func write(_ bytes: Span<UInt8>) throws(FileError) {
    try file.write(bytes)
  }

  /// Waits until the contents are on the disk, and gives the file its name, replacing what was there.
  ///
  /// In this order: after a power failure there is the old file or the whole new one under the name, never a part.
  package consuming func keep() throws(FileError) {
    try file.synchronize()
    try FileSystem.rename(temporaryPath, to: path)
    isKept = true
  }

  /// Removes temporary files of `path` whose lock can be had: whoever made them has ended.
  private static func removeAbandoned(of path: String) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let start = (slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path) + "."
    // Only to tidy up: whatever is wrong with the folder is told by who creates a file in it.
    for entry in (try? FileSystem.entries(of: folder)) ?? [] where isTemporary(entry.name, start) {
      let name = "\(folder)/\(entry.name)"
      guard let file = try? File(reading: name), file.lock() == .taken else { continue }
      FileSystem.remove(name)
    }
  }

  /// Whether `name` is `start`, as many letters and digits as are taken at random, and the ending.
  private static func isTemporary(_ name: String, _ start: String) -> Bool {
    guard name.hasPrefix(start), name.hasSuffix(ending) else { return false }
    let middle = name.utf8.dropFirst(start.utf8.count).dropLast(ending.utf8.count)
    return middle.count == randomDigitCount
      && middle.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
  }
}
