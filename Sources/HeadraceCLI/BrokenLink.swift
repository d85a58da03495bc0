import FoundationEssentials
import HeadraceSystem

/// A symbolic link that leads to nothing. Its path is right, so a hint to check the path would not help.
struct BrokenLink: CustomStringConvertible {
  let path: String
  /// What the link holds, which may be relative to its folder.
  let target: String

  /// Nil if `path` is no link, or one that leads somewhere.
  init?(_ path: String) {
    guard (try? FileSystem.kind(of: path)) == .missing,
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    else { return nil }
    self.path = path
    self.target = target
  }

  /// What the library says of it, which leads the reader to the path.
  var openingError: String? {
    do throws(FileError) {
      _ = try File(reading: path)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// What is wrong and the remedy, without a full stop.
  var description: String { "\(path) is a link to \(target), which does not exist; mend or remove the link" }
}
