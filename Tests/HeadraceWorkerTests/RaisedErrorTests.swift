import Testing

extension WorkerFaults {
  @Suite struct RaisedErrors {
    /// What both placements print for three epochs, which is the same.
    private func raise(_ place: String, at position: Int) throws -> FixtureOutput {
      let forked = try Fixture.run("raise", place, String(position), "subprocess")
      let threaded = try Fixture.run("raise", place, String(position), "same-process")
      #expect(forked.text == threaded.text)
      #expect(forked["no_such_line"] == "0 lines: []")
      return forked
    }

    @Test(arguments: [0, 45, 99]) func stageErrorComesAfterTheLastGoodBatchInEveryEpoch(position: Int) throws {
      let output = try raise("stage", at: position)
      let good = position / 10 * 10
      #expect(output.values("epoch") == (0..<3).map { "\($0) good \(good) stageFailed" })
      #expect(
        output.values("message") == (0..<3).map { "Stage \"decode\" failed for sample \(position) of epoch \($0)." })
      #expect(output.values("stage") == Array(repeating: "decode", count: 3))
      #expect(output.values("sample") == Array(repeating: "sample \(position)", count: 3))
      #expect(output.values("cause") == Array(repeating: "bad sector \(position)", count: 3))
    }

    @Test(arguments: [0, 45, 99]) func batchClosureErrorComesAfterTheLastGoodBatchInEveryEpoch(position: Int) throws {
      let output = try raise("batch", at: position)
      let good = position / 10 * 10
      #expect(output.values("epoch") == (0..<3).map { "\($0) good \(good) stageFailed" })
      #expect(output.values("stage") == Array(repeating: "collate", count: 3))
      #expect(output.values("sample") == Array(repeating: "sample \(position)", count: 3))
      #expect(output.values("cause") == Array(repeating: "bad sector \(position)", count: 3))
    }

    @Test(arguments: [0, 45, 99]) func sourceErrorComesAfterTheLastGoodBatchInEveryEpoch(position: Int) throws {
      let output = try raise("source", at: position)
      let good = position / 10 * 10
      #expect(output.values("epoch") == (0..<3).map { "\($0) good \(good) sourceFailed" })
      #expect(
        output.values("message")
          == (0..<3).map { "The source (hooked) failed after \(position) samples of epoch \($0)." })
      #expect(output.values("stage") == Array(repeating: "source", count: 3))
      #expect(output.values("cause") == Array(repeating: "bad sector \(position)", count: 3))
    }

    @Test func makeReaderErrorComesInEveryEpoch() throws {
      let output = try raise("makeReader", at: 0)
      #expect(output.values("epoch") == (0..<3).map { "\($0) good 0 sourceFailed" })
      #expect(output.values("cause") == Array(repeating: "bad sector 0", count: 3))
    }

    @Test(arguments: ["subprocess", "same-process"]) func oneFailureTooManyEndsEachEpochAlike(placement: String) throws
    {
      let output = try Fixture.run("raise-skip", placement)
      let epochs = output.values("epoch")
      #expect(epochs.count == 3)
      for (epoch, text) in epochs.enumerated() {
        #expect(text.hasPrefix("\(epoch) good 50 3 samples failed, 2 may; raise skip(upTo:)"))
        #expect(text.contains("sample 55 of epoch \(epoch)"))
        #expect(text.hasSuffix("of epoch \(epoch). [cause: bad sector 55]"))
      }
    }
  }
}
