import Testing

extension WorkerFaults {
  /// Closures that a pool of processes calls: what comes out is what one process makes, whoever dies.
  @Suite struct Pools {
    @Test(arguments: [(1, 1), (1, 3), (2, 2), (4, 1)])
    func anyNumberOfProcessesAndThreadsGivesTheSameBatches(workers: Int, threads: Int) throws {
      let output = try Fixture.run("pool", String(workers), String(threads), "0")
      expectExact(output, deaths: 0)
      #expect(try output["digest"] == CalmEpochs.digest())
      // Once for each sample: the engine counts what others have called.
      #expect(output["calls"] == "source:12000,decode:12000,whole:12000,shuffle:10287,collate:10287")
    }

    @Test(arguments: [("pool", "fork"), ("any", "fork"), ("worker", "fork-server"), ("any", "fork-server")])
    func killedTwentyTimesTheEpochsAreTheSame(victim: String, method: String) throws {
      let output = try Fixture.run("pool", "2", "2", "20", "input", method, victim)
      expectExact(output, deaths: 20)
      #expect(try output["digest"] == CalmEpochs.digest())
      // Where the engine lives nothing is read twice.
      if victim == "pool" { #expect(output["calls"].hasPrefix("source:12000,decode:12000,whole:12000,shuffle:10287")) }
    }

    @Test func withoutAnOrderNoSampleIsLostOrComesTwice() throws {
      expectExact(try Fixture.run("pool", "3", "1", "20", "completion", "fork", "any"), deaths: 20)
    }

    private func expectExact(_ output: FixtureOutput, deaths: Int) {
      #expect(output["deaths"] == String(deaths))
      #expect(output.values("all") == ["true", "true", "true"])
      #expect(output["left_out"] == "exact")
      #expect(output["orders"] == "3")
    }

    @Test(
      arguments: [("segv", "killed by signal 11 (SIGSEGV)"), ("exit", "exited with status 5"), ("trap", "(SIG")],
      ["map", "batch"])
    func aSampleThatEndsProcessesCostsThreeOfThemAndIsLeftOut(fault: (kind: String, how: String), stage: String) throws
    {
      let output = try Fixture.run("pool-fault", fault.kind, stage, "skip", "2", "2")
      #expect(output["whole"] == "true")
      #expect(output["left_out"] == "3")
      let name = stage == "map" ? "decode" : "collate"
      #expect(output.values("failure") == [37, 137, 237].map { "\($0) sampleCrashed \(name)" })
      #expect(output.values("text").allSatisfy { $0.contains(fault.how) })
      #expect(output["calls"] == "9")
      #expect(output["deaths"] == "9")
    }

    @Test(
      arguments: [
        ("segv", "map", 1), ("exit", "map", 2), ("trap", "batch", 4), ("segv", "batch", 2), ("segv", "async", 1),
        ("trap", "async", 2), ("exit", "async", 4),
      ])
    func withoutAPoolSuchASampleIsFoundOutAndLeftOut(fault: String, stage: String, threads: Int) throws {
      let output = try Fixture.run("pool-fault", fault, stage, "skip", "0", String(threads))
      #expect(output["whole"] == "true")
      let name = ["map": "decode", "batch": "collate"][stage] ?? "fetch"
      #expect(output.values("failure") == [37, 137, 237].map { "\($0) sampleCrashed \(name)" })
      // Three deaths each: one with others at work, two alone; with one thread it never is anything but alone. Another
      // thread may come to the next such sample in the same moment.
      #expect(output.number("deaths") >= 9 && output.number("deaths") <= 12)
      #expect(output["calls"] == output["deaths"])
    }

    @Test func withoutAPoolItEndsTheEpochByNameWhereItsPolicyIsToRaise() throws {
      let output = try Fixture.run("pool-fault", "segv", "map", "raise", "0", "2")
      #expect(output["whole"] == "true")
      #expect(output["code"] == "sampleCrashed")
      #expect(output["sample"] == "sample 37")
      #expect(output["stage"] == "decode")
    }

    @Test(arguments: ["map", "batch"]) func whereItsPolicyIsToRaiseItEndsTheEpochByName(stage: String) throws {
      let output = try Fixture.run("pool-fault", "segv", stage, "raise", "2", "2")
      #expect(output["whole"] == "true")
      #expect(output["code"] == "sampleCrashed")
      #expect(output["sample"] == "sample 37")
      #expect(output["stage"] == (stage == "map" ? "decode" : "collate"))
    }

    @Test func whatHasEndedThreeProcessesIsNotTriedAgainByThePolicy() throws {
      let output = try Fixture.run("pool-fault", "segv", "map", "retry", "2", "2")
      #expect(output["left_out"] == "3")
      #expect(output["calls"] == "9")
    }

    @Test(arguments: [("skip", 3), ("retry", 6)])
    func aCallThatDoesNotEndIsEndedWithItsProcess(policy: String, calls: Int) throws {
      let output = try Fixture.run("pool-fault", "hang", "map", policy, "2", "2")
      #expect(output["whole"] == "true")
      #expect(output.values("failure") == [37, 137, 237].map { "\($0) timedOut decode" })
      #expect(output["calls"] == String(calls))
      #expect(output["timeouts"] == String(calls))
      #expect(output["deaths"] == String(calls))
    }

    @Test func errorsCrossWithWhatTheySay() throws {
      let output = try Fixture.run("pool-fault", "throw", "map", "skip", "2", "2")
      #expect(output["deaths"] == "0")
      #expect(output.values("failure") == [37, 137, 237].map { "\($0) stageFailed decode" })
      for (text, number) in zip(output.values("text"), [37, 137, 237]) {
        #expect(text.contains("[cause: sample \(number) is bad]"))
      }
    }

    @Test func rowsOfAnyShapeAndLargeSamplesCross() throws {
      let alone = try Fixture.run("pool-ragged", "0")
      for workers in ["1", "3"] { #expect(try Fixture.run("pool-ragged", workers)["digest"] == alone["digest"]) }
    }

    @Test func theTimeOfACallBeginsWithTheCall() throws {
      // Making the pipeline takes three times as long as a call may.
      let output = try Fixture.run("pool-trouble", "slow")
      #expect(output["samples"] == "200" && output["left_out"] == "0" && output["timeouts"] == "0")
    }

    @Test func processesThatDieBeforeTheyCallAnythingAreNoSamplesFault() throws {
      let output = try Fixture.run("pool-trouble", "trap")
      #expect(output["code"] == "workerDied")
      #expect(output["samples"] == "0" && output["left_out"] == "0")
      // The last of them was not replaced.
      #expect(output.number("restarts") == output.number("exits") - 1)
    }

    @Test func aPoolThatMayForkNoFurtherProcessForAWhileLosesNothing() throws {
      let output = try Fixture.run("pool-forks", "later")
      #expect(output["refused"].hasPrefix("pool "))
      #expect(output["refused"].contains(" could not be forked after "))
      #expect(output["refused"].contains(": fork: EAGAIN"))
      #expect(output["exact"] == "true" && output["restarts"] == "1" && output["there"] == "2")
    }

    @Test func aPoolThatMayNeverForkAProcessAgainGoesOnWithTheOthers() throws {
      let output = try Fixture.run("pool-forks", "never")
      #expect(output["exact"] == "true" && output["there"] == "1")
    }

    @Test(arguments: [("other", "invalidPipeline"), ("throwing", "notFound")])
    func aPipelineThatCannotBeMadeThereFailsEachSampleWithTheReason(trouble: String, code: String) throws {
      let output = try Fixture.run("pool-trouble", trouble)
      #expect(output["samples"] == "0" && output["left_out"] == "200")
      #expect(output["codes"] == code)
    }

    @Test func whatCannotBeIsRefusedAtTheStart() throws {
      let messages = try Fixture.run("pool-refused").values("message")
      #expect(
        messages.map { $0.prefix { $0 != " " } } == ["invalidPipeline"] + Array(repeating: "invalidArgument", count: 3))
      #expect(messages[0].contains("Plain") && messages[0].contains("Storable"))
    }
  }
}
