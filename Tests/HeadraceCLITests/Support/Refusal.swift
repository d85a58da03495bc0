import Testing

/// What every error of `headrace run` has in common, with `--json` and without.
enum Refusal {
  /// Runs twice and expects one line on standard error that contains `parts` and ends in a remedy, exit status 1,
  /// nothing on standard output without `--json`, and with it an object that tells the same.
  ///
  /// - Returns: The object, for what else it says; nil if it could not be read.
  @discardableResult
  static func expect(
    _ words: [String], _ parts: String..., code: String, remedy: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RunOutput? {
    let parts = parts + [remedy]
    let plain = try Executable.run(["run"] + words)
    #expect(plain.status == .exited(1), sourceLocation: sourceLocation)
    #expect(plain.output == "", sourceLocation: sourceLocation)
    let line = plain.errorLine
    for part in parts {
      #expect(line?.contains(part) == true, "\(part) in: \(plain.errors)", sourceLocation: sourceLocation)
    }
    expectCommandWords(plain.errors, sourceLocation)

    let json = try Executable.run(["run"] + words + ["--json"])
    #expect(json.status == .exited(1), sourceLocation: sourceLocation)
    #expect(json.output.count(where: { $0.isNewline }) == 1, sourceLocation: sourceLocation)
    let report = try RunOutput(json.output)
    #expect(report.error == json.errorLine, sourceLocation: sourceLocation)
    let last = report.failures.last
    #expect(last?.code == code, sourceLocation: sourceLocation)
    #expect(last?.position == nil, sourceLocation: sourceLocation)
    #expect(report.error?.contains(last?.message ?? "no message") == true, sourceLocation: sourceLocation)
    for part in parts {
      #expect(report.error?.contains(part) == true, "\(part) in: \(json.errors)", sourceLocation: sourceLocation)
    }
    return report
  }

  /// A remedy for who types a command names options, not functions of the library.
  static func expectCommandWords(_ line: String, _ sourceLocation: SourceLocation = #_sourceLocation) {
    for name in [
      "skip(upTo:)", "quarantine(_:", "Source", "Limits.", "BatchSpec", "TensorSpec", "DecodeLimits", "has(\"",
      "text(\"",
    ] {
      #expect(!line.contains(name), "\(name) in: \(line)", sourceLocation: sourceLocation)
    }
  }
}
