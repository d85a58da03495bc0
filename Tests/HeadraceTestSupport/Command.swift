import Foundation

/// A program that a test runs to its end.
public struct Command: Sendable {
  /// How a program ended, and what it wrote.
  public struct Outcome: Sendable {
    /// The exit status; of a program that a signal ended, 128 and the signal's number.
    public let status: Int32
    /// Standard output.
    public let output: String
    /// Standard error.
    public let errors: String
  }

  private let program: URL
  private let words: [String]
  private let environment: [String: String]?
  private let folder: URL?

  /// - Parameters:
  ///   - program: the path of the executable.
  ///   - words: what follows its name.
  ///   - environment: all that there is in its environment; nil: that of the test.
  ///   - folder: where it runs; nil: where the test does.
  public init(
    _ program: URL, _ words: [String] = [], environment: [String: String]? = nil, in folder: URL? = nil
  ) {
    self.program = program
    self.words = words
    self.environment = environment
    self.folder = folder
  }

  /// Runs it without an input and waits for its end.
  public func run() throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = words
    if let environment { process.environment = environment }
    if let folder { process.currentDirectoryURL = folder }
    // A file for the errors: of two pipes, the one that is read last may fill up meanwhile.
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent("errors-\(UUID().uuidString)")
    guard FileManager.default.createFile(atPath: errors.path, contents: nil) else {
      throw CocoaError(.fileWriteUnknown)
    }
    defer { try? FileManager.default.removeItem(at: errors) }
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0),
      output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}
