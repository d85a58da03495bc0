import Glibc
import Testing

extension WorkerFaults {
  /// The system permits fewer threads than a worker needs, or leaves them no memory.
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
      // With one epoch in all: the error stays, and does not turn into a good end.
      if placement == "subprocess" { #expect(output["again"] == "systemCall") }
      #expect(output["cause"] == "pthread_create: EAGAIN (Resource temporarily unavailable)")
      #expect(output["no_child"] == "true")
    }

    /// Threads are made once: the next epoch needs no further room.
    @Test(
      .enabled(if: getuid() == 0, "only root can become a user who has no other process"),
      arguments: ["subprocess", "same-process"])
    func aLimitThatLetsOneEpochRunLetsTheNextRun(placement: String) throws {
      let output = try Fixture.run("threads-once", placement)
      #expect(output.values("samples") == ["64", "64", "64"])
    }

    @Test func underAnyLimitOnMemoryEachEpochEnds() throws {
      let output = try Fixture.run("threads-tight")
      let outcomes = output.values("epoch")
      #expect(outcomes.count == 3 * output.values("limit").count)
      #expect(outcomes.last == "200", "the highest limit lets it run")
      // Not `timedOut`: that would be a hang.
      #expect(Set(outcomes).isSubset(of: ["200", "systemCall", "workerDied", "not started: systemCall"]))
      #expect(output["no_child"] == "true")
    }
  }
}
