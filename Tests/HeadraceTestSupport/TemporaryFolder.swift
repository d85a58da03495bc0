import Foundation

/// A folder that goes with the value.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Creates one of a new name.
  public init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("headrace-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, and the folders on its way. Returns its path.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8] = [1]) throws -> String {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return file(name)
  }

  /// All bytes of a file.
  public func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

  /// What is in it, or in a folder in it; sorted, hidden names included.
  public func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
  }
}
