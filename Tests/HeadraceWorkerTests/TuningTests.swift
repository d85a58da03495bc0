import Testing

extension WorkerFaults {
  /// The worker finds its concurrency by what its consumer tells over the ring.
  @Suite struct Tuning {
    @Test(arguments: ["subprocess", "same-process"])
    func theWorkerFindsWhatItsConsumerNeeds(placement: String) throws {
      let output = try Fixture.run("tuning", placement)
      #expect(output["found"] == "true", "\(output.text)")
      #expect(output["order"] == "true")
      #expect((3...12).contains(Int(output["concurrency"]) ?? 0), "\(output.text)")
      #expect(output["stages"] == "load")
      #expect(output["fixed"] == "2")
      // Rank is decided on by itself.
      let decisions = output.values("decision").filter { !$0.contains("niceness") }
      #expect(decisions.first?.contains("s: load 1 -> ") == true, "\(decisions)")
      #expect(decisions.allSatisfy { $0.contains(" load ") || $0.contains(" stays at ") }, "\(decisions)")
    }
  }
}
