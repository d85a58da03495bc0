import Foundation

/// The built `headrace`, which lies beside the test bundle.
enum Executable {
  static let path: String = {
    // The bundle's path is among the arguments of the helper that loads it; a bundle that runs by itself is the first.
    let folders = CommandLine.arguments.filter { $0.hasSuffix(".xctest") } + [Bundle.main.bundlePath + "/bundle"]
    let candidates = folders.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/headrace" }
    guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
      fatalError("headrace is at none of \(candidates); build it: the test target depends on it")
    }
    return path
  }()

  /// Runs the command to its end.
  static func run(_ words: String...) throws -> Outcome { try run(words) }

  static func run(
    _ words: [String], terminal: String? = "xterm", output: Child.Stream = .pipe, errors: Child.Stream = .pipe
  ) throws -> Outcome {
    try Child(words, terminal: terminal, output: output, errors: errors).finish()
  }

  /// Runs `headrace run ... --json` and decodes its object; the exit status must be `status`.
  static func report(_ words: [String], status: Int32 = 0) throws -> RunOutput {
    let outcome = try run(["run"] + words + ["--json"])
    guard outcome.status == .exited(status) else { throw Unexpected(words: words, outcome: outcome) }
    return try RunOutput(outcome.output)
  }

  struct Unexpected: Error, CustomStringConvertible {
    let words: [String]
    let outcome: Outcome
    var description: String { "headrace \(words.joined(separator: " ")): \(outcome)" }
  }
}

/// How a command ended, and all that it wrote.
struct Outcome: Sendable {
  enum Status: Sendable, Equatable {
    case exited(Int32)
    case signaled(Int32)
  }

  let status: Status
  let output: String
  let errors: String

  /// What was written to standard error, if it is one whole line that begins as the command's errors do.
  var errorLine: String? {
    guard errors.hasPrefix("headrace: "), errors.hasSuffix("\n"), errors.count(where: { $0.isNewline }) == 1
    else { return nil }
    return String(errors.dropFirst("headrace: ".count).dropLast())
  }
}
