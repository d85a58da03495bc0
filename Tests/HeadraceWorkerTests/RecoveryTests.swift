import Testing

extension WorkerFaults {
  /// The worker dies, another goes on, and the trainer sees nothing of it but a slightly later batch.
  @Suite struct Recovery {
    @Test(arguments: [(9, "SIGKILL"), (11, "SIGSEGV"), (15, "SIGTERM")])
    func killedTwentyTimesTheEpochsAreTheSame(signal: (number: Int, name: String)) throws {
      let calm = try Fixture.run("recover", "9", "0", "3")
      let output = try Fixture.run("recover", String(signal.number), "20", "3")
      #expect(output["kills"] == "20")
      #expect(output.values("all") == ["true", "true", "true"])
      #expect(output["left_out"] == "true")
      #expect(output["orders"] == "3")
      #expect(output["digest"] == calm["digest"])
    }
  }
}
