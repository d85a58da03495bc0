import Foundation

/// The package's own folder.
enum ProjectFolder {
  static let url = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }

  static func file(_ path: String) -> URL { url.appendingPathComponent(path) }
}
