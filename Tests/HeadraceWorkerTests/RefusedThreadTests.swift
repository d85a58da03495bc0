import Testing

extension WorkerFaults {
  /// Dispatch is never told that the system refuses a thread, and tries again for ever.
  @Suite struct RefusedThreads {
    @Test(arguments: ["subprocess", "same-process"])
    func threadsBeyondALimitAreAnErrorThatNamesIt(placement: String) throws {
      let output = try Fixture.run("threads", "few", placement)
      #expect(output["code"] == "systemCall")
      #expect(output["message"].hasPrefix("The worker could not start its 64 threads. Ask for fewer with threads:"))
      #expect(output["message"].contains("ulimit -u") && output["message"].contains("ulimit -v"))
      #expect(output["cause"] == "pthread_create: EAGAIN (Resource temporarily unavailable)")
      #expect(output["no_child"] == "true")
    }

    @Test(arguments: ["subprocess", "same-process"])
    func aWorkerWithoutASingleThreadSaysSo(placement: String) throws {
      let output = try Fixture.run("threads", "none", placement)
      #expect(output["code"] == "systemCall")
      #expect(output["message"].hasPrefix("The worker"))
      #expect(output["cause"] == "pthread_create: EAGAIN (Resource temporarily unavailable)")
      #expect(output["no_child"] == "true")
    }

    /// Dispatch keeps the threads of an epoch for some seconds: the next one needs no further room.
    @Test(arguments: ["subprocess", "same-process"])
    func aLimitThatLetsOneEpochRunLetsTheNextRun(placement: String) throws {
      let output = try Fixture.run("threads-once", placement)
      if output["skipped"] == "needs root" { return }
      #expect(output.values("samples") == ["64", "64", "64"])
    }
  }
}
