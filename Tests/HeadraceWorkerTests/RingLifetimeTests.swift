import Testing

extension WorkerFaults {
  @Suite struct RingLifetimeTests {
    /// A worker on threads of this process has to let go of its ring when it is dropped: memory, descriptors, threads.
    @Test func sameProcessLoadersThatAreDroppedGiveEverythingBack() throws {
      let output = try Fixture.run("lifetime-same-process", "200")
      #expect(output["after_threads"] == "1")
      #expect(output["after_descriptors"] == output["before_descriptors"])
      #expect(output["rings"] == "0")
    }
  }
}
