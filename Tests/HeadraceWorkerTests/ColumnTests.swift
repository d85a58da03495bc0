import Testing

extension WorkerFaults {
  /// Random choices of images, in processes and threads of any number.
  @Suite struct Columns {
    /// Without workers one process does all; with 1 or more they call the closures.
    @Test(arguments: [(1, 0, 1), (2, 0, 2), (8, 0, 8), (1, 1, 1), (2, 2, 4)])
    func theSameBatchesComeWithAllAugmentationsOn(threads: Int, workers: Int, concurrency: Int) throws {
      let one = try Fixture.run("columns", "1", "0", "1").values("digest")
      #expect(one.count == 2 && one[0] != one[1], "another epoch has other choices")
      let output = try Fixture.run("columns", "\(threads)", "\(workers)", "\(concurrency)")
      #expect(output.values("digest") == one)
      #expect(output["in_order"] == "true")
    }

    @Test(arguments: ["mixUp", "cutMix"])
    func labelsAreMixedByTheShareThatTheImageHasOfEach(way: String) throws {
      let output = try Fixture.run("mixing", way)
      #expect(output["rows"] == "120")
      // A box may be empty, or all of the image.
      #expect(try #require(Int(output["mixed"])) > 90)
      #expect(try #require(Double(output["worst"])) < 1e-3)
    }
  }
}
