import FoundationEssentials
import HeadraceSystem

/// Names that start with a dot, which no source looks at: what desktops and copies between systems leave behind.
enum HiddenFiles {
  /// How many there are in a folder and all below; a hidden folder counts as one. Links are not followed.
  ///
  /// - Complexity: Lists each folder twice, and opens no file.
  static func count(in folder: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let folders = ((try? FileSystem.entries(of: folder)) ?? []).filter { $0.kind == .folder }
    return folders.reduce(names.count { $0.hasPrefix(".") }) { $0 + count(in: "\(folder)/\($1.name)") }
  }
}
