import Foundation

/// The built `headrace-bench`, which lies beside the test bundle.
enum BenchProgram {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs it to its end and returns the JSON objects that it printed, one a line.
  static func lines(_ words: String...) throws -> [[String: Any]] {
    let process = Process()
    process.executableURL = try path
    process.arguments = words
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0, process.terminationReason == .exit else {
      throw Failure(description: "\(words) ended with status \(process.terminationStatus) after: \(text)")
    }
    return try text.split(separator: "\n").map { line in
      guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
        throw Failure(description: "\(words) printed a line that is no JSON object: \(line)")
      }
      return object
    }
  }

  private static var path: URL {
    get throws {
      // The bundle is the running program, or among the arguments of the helper that loads it.
      let bundles = CommandLine.arguments.filter { $0.hasSuffix(".xctest") } + [Bundle.main.bundlePath + "/bundle"]
      let candidates = bundles.map {
        URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("headrace-bench")
      }
      guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
        throw Failure(description: "headrace-bench is at none of \(candidates.map(\.path))")
      }
      return found
    }
  }
}
