import Testing

/// A run that delivers no sample is a failure, and says why nothing came.
@Suite struct EmptyRunTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func fewerSamplesThanABatchAreToldWithBothNumbers() throws {
    let source = try Dataset(count: 11).write(.tar, to: folder)
    try expect(
      ["--source", source, "--partial", "drop", "--epochs", "2"],
      "no sample was delivered: --partial drop leaves out what is short of a batch of 64, and an epoch has 11 samples;"
        + " lower --batch, or use --partial emit")
    try expect(
      ["--source", source, "--partial", "drop", "--batch", "3", "--limit", "1"],
      "no sample was delivered: --partial drop leaves out what is short of a batch of 3, and an epoch has 1 sample, as"
        + " --limit says; lower --batch, raise --limit, or use --partial emit")
  }

  @Test func samplesThatAreAllBadAreCounted() throws {
    for name in ["1", "2"] { try folder.write("images/\(name).png", [1, 2, 3]) }
    try expect(
      ["--source", folder("images"), "--size", "2x2", "--max-failures", "9"],
      "no sample was delivered: 2 bad samples were left out, and there was no other; mend the data, or lower"
        + " --max-failures to end at the first")
  }

  @Test func aShardWithoutASampleIsTold() throws {
    try Dataset.writeShard(folder("empty.tar"), [])
    let outcome = try Executable.run("run", "--source", folder("empty.tar"))
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorLine?.contains("holds no sample") == true, "\(outcome)")
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
      #expect(outcome.status == .exited(1), sourceLocation: sourceLocation)
      #expect(outcome.errorLine == text, "\(outcome)", sourceLocation: sourceLocation)
      // What was read and left out is told all the same.
      #expect(outcome.output != "", sourceLocation: sourceLocation)
    }
    let report = try Executable.report(words, status: 1)
    #expect(report.samples == 0, sourceLocation: sourceLocation)
    #expect(report.error == text, sourceLocation: sourceLocation)
  }
}
