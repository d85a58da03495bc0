import HeadraceTestSupport
import Testing

extension WorkerFaults {
  /// Each party of a loader with two readers is killed in each state that a slot can be in.
  @Suite struct ReaderDeathTable {
    private static let states = [
      "broadcast": [
        "free", "claimed", "wanted-by-one", "wanted-by-several", "held-by-one", "held-by-several", "returned-partly",
        "end-of-epoch", "end-taken-by-one",
      ],
      "partition": ["free", "claimed", "wanted-by-one", "held-by-one", "end-of-epoch", "end-taken-by-one"],
      "first-come": [
        "free", "claimed", "wanted-by-one", "wanted-by-several", "held-by-one", "end-of-epoch", "end-taken-by-one",
      ],
    ]

    /// Who lives gets its batches, or the reason; nothing is torn, twice, or lost but with who held it; all leases come
    /// back; no process stays.
    @Test(arguments: ["broadcast", "partition", "first-come"], ["trainer", "supervisor", "worker", "holder", "other"])
    func whoeverIsKilledInWhateverStateNobodyHangsAndNothingIsTorn(sharing: String, victim: String) throws {
      let folder = try TemporaryFolder()
      let output = try Fixture.run("reader-deaths", folder.path, sharing, victim)
      #expect(output.values("case") == Self.states[sharing]?.map { "\($0): right" }, "\(output.text)")
    }
  }
}
