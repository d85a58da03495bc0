import Foundation

/// The programs of this package that the build has put beside the test bundle.
public enum BuiltProgram {
  /// A program that is not there.
  public struct Missing: Error, CustomStringConvertible {
    /// Where it was looked for.
    public let description: String
  }

  /// Where the program of this name is; the test target must depend on it, or it may not be built.
  public static func named(_ name: String) throws(Missing) -> URL {
    // The bundle is the running program, or among the arguments of the helper that loads it.
    let bundles = CommandLine.arguments.filter { $0.hasSuffix(".xctest") } + [Bundle.main.bundlePath + "/bundle"]
    let candidates = bundles.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent(name) }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      throw Missing(description: "\(name) is at none of \(candidates.map(\.path)); make the test target depend on it")
    }
    return found
  }
}
