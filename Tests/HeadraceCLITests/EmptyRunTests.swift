import Testing

/// A run that delivers no sample is no error, and does not look like success.
@Suite struct EmptyRunTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func fewerSamplesThanABatchAreToldWithBothNumbers() throws {
    let source = try Dataset(count: 11).write(.tar, to: folder)
    try expect(
      ["--source", source, "--partial", "drop", "--epochs", "2"],
      "no sample was delivered: --partial drop leaves out what is short of a batch of 64, and an epoch has 11 samples; lower"
        + " --batch, or use --partial emit")
    try expect(
      ["--source", source, "--partial", "drop", "--batch", "3", "--limit", "1"],
      "no sample was delivered: --partial drop leaves out what is short of a batch of 3, and an epoch has 1 sample; lower"
        + " --batch, or use --partial emit")
  }

  @Test func samplesThatAreAllBadAreCounted() throws {
    for name in ["1", "2"] { try folder.write("images/\(name).png", [1, 2, 3]) }
    try expect(
      ["--source", folder("images"), "--size", "2x2", "--max-failures", "9"],
      "no sample was delivered: 2 bad samples were left out, and there was no other; mend the data, or lower"
        + " --max-failures to end at the first")
  }

  @Test func oneSampleIsEnough() throws {
    let source = try Dataset(count: 1).write(.tar, to: folder)
    for partial in ["emit", "pad"] {
      let outcome = try Executable.run("run", "--source", source, "--partial", partial)
      #expect(outcome.status == .exited(0))
      #expect(outcome.errors == "", "\(outcome)")
    }
  }

  private func expect(_ words: [String], _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for json in [[], ["--json"]] {
      let outcome = try Executable.run(["run"] + words + json)
      #expect(outcome.status == .exited(0), sourceLocation: sourceLocation)
      #expect(outcome.errorLine == "warning: \(text)", "\(outcome)", sourceLocation: sourceLocation)
      #expect(outcome.output != "", sourceLocation: sourceLocation)
    }
  }
}
