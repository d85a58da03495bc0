import Testing

extension WorkerFaults {
  /// What a fork would leave behind. In a process of its own: threads of the test library come and go.
  @Suite struct ThreadCount {
    @Test(arguments: [0, 1, 8]) func everyThreadIsCounted(further: Int) throws {
      let output = try Fixture.run("threads-counted", "\(further)")
      #expect(output["before"] == "1")
      #expect(output["after"] == "\(1 + further)")
      #expect(output["hazard"] == (further == 0 ? "none" : "otherThreads(count: \(further))"))
    }
  }
}
