import Testing

extension WorkerFaults {
  /// Loaders that are looked at from outside.
  @Suite struct Monitors {
    @Test(arguments: ["short", "zeros", "version", "size"]) func memoryThatIsNoRingIsRefused(kind: String) throws {
      let output = try Fixture.run("monitor-hostile", kind)
      #expect(output["code"] == "incompatibleRing")
      #expect(output["message"].contains("use both of one version"))
      #expect(output["listed"] == "false")
    }

    @Test func aProcessThatIsOnlyCalledLikeALoaderIsNone() throws {
      let output = try Fixture.run("monitor-hostile", "none")
      #expect(output["code"] == "notFound")
      #expect(output["listed"] == "false")
    }

    @Test func ofTwoLoadersOfOneTrainerEachIsSeenWithItsOwnLog() throws {
      let logs = try Fixture.run("monitor-two").values("log")
      // Each epoch of both was begun: a worker is an epoch ahead.
      #expect(Set(logs.map { $0.hasPrefix("true of the first") || $0.hasPrefix("false of the second") }) == [true])
      #expect(logs.count == 2)
    }
  }
}
