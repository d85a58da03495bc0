import Testing

extension WorkerFaults {
  @Suite struct WorkerDeath {
    static let signals = [(9, "SIGKILL"), (11, "SIGSEGV"), (6, "SIGABRT")]

    /// What the consumer sees when the worker dies at `place` while the consumer is inside `next`.
    private func expectDeath(
      _ place: String, _ signal: (Int, String), stage: String, sample: String, also: (FixtureOutput) -> Void = { _ in }
    ) throws {
      let latency = try WorkerFaults.median("worker killed by \(signal.1), \(place), error after") {
        let output = try Fixture.run("death", place, String(signal.0))
        #expect(output["code"] == "workerDied")
        #expect(output["cause"] == "was killed by signal \(signal.0) (\(signal.1))")
        #expect(output["message"].contains("(\(signal.1))"))
        #expect(output["stage"] == stage)
        #expect(output["sample"] == sample)
        #expect(output["dropped"] == "yes")
        #expect(output["again"] == "3")
        #expect(output["no_child"] == "true")
        #expect(output.values("corrupt").isEmpty && output.values("gap").isEmpty)
        also(output)
        return output.number("latency_us") / 1000
      }
      #expect(latency < 100)
    }

    @Test(arguments: signals) func killedInMakeReaderWakesTheConsumer(signal: (Int, String)) throws {
      try expectDeath("makeReader", signal, stage: "source", sample: "sample 0")
    }

    @Test func killedInMakeReaderWithALargeRingWakesTheConsumer() throws {
      let latency = try WorkerFaults.median("worker killed in makeReader, ring of 512 MiB, error after") {
        let output = try Fixture.run("large-death")
        #expect(output["code"] == "workerDied")
        #expect(output["cause"] == "was killed by signal 9 (SIGKILL)")
        #expect(output["stage"] == "source")
        // Mapping the ring's pages would come between the death and its news, however fast a machine does it.
        #expect(output.number("mapped_kib") < 4096)
        return output.number("latency_us") / 1000
      }
      #expect(latency < 100)
    }

    @Test(arguments: signals) func killedWhileIdleWakesTheConsumer(signal: (Int, String)) throws {
      let latency = try WorkerFaults.median("worker killed by \(signal.1), idle, error after") {
        let output = try Fixture.run("death-idle", String(signal.0))
        #expect(output["before"] == "sourceFailed")
        #expect(output["code"] == "workerDied")
        #expect(output["cause"] == "was killed by signal \(signal.0) (\(signal.1))")
        #expect(output["stage"] == "idle")
        #expect(output["again"] == "3")
        #expect(output["no_child"] == "true")
        return output.number("latency_us") / 1000
      }
      #expect(latency < 100)
    }

    @Test(arguments: signals) func killedMidBatchNamesStageAndSample(signal: (Int, String)) throws {
      try expectDeath("stage", signal, stage: "decode", sample: "sample 37") { output in
        #expect(output["message"].contains("in stage \"decode\" at sample 37"))
      }
    }

    @Test(arguments: signals) func killedInTheBatchClosureNamesStageAndSample(signal: (Int, String)) throws {
      try expectDeath("batch", signal, stage: "collate", sample: "sample 37")
    }

    @Test(arguments: signals) func killedWhileWaitingForASlotLeavesLeasesIntact(signal: (Int, String)) throws {
      try expectDeath("slot", signal, stage: "waiting for a slot", sample: "-") { output in
        #expect(output.values("held") == ["10", "10", "10", "10"])
      }
    }

    @Test(arguments: ["starting", "running", "slot", "idle"], signals)
    func killedBeforeNextIsCalledIsSeenByNext(place: String, signal: (Int, String)) throws {
      let latency = try WorkerFaults.median(
        "worker killed by \(signal.1), \(place), consumer outside next, error after"
      ) {
        let output = try Fixture.run("death-outside", place, String(signal.0))
        #expect(output["code"] == "workerDied")
        #expect(output["cause"] == "was killed by signal \(signal.0) (\(signal.1))")
        // `next` gives slots back while the worker is dying, which may then be at work once more; with leases held,
        // `killedWhileWaitingForASlotLeavesLeasesIntact` is exact.
        if place == "slot" { #expect(Self.stagesAroundAFullRing.contains(output["stage"])) }
        if place == "idle" { #expect(output["stage"] == "idle") }
        #expect(output["again"] == "3")
        #expect(output["no_child"] == "true")
        #expect(output.values("corrupt").isEmpty && output.values("gap").isEmpty)
        return output.number("latency_us") / 1000
      }
      #expect(latency < 100)
    }

    @Test func batchesPublishedBeforeTheDeathAreStillDelivered() throws {
      // Four slots were full when it died.
      let output = try Fixture.run("death-outside", "slot", "9")
      #expect(output["further_samples"] == "40")
      #expect(output.values("corrupt").isEmpty && output.values("gap").isEmpty)
    }

    @Test func killedWhileLeasesAreDroppedNeverHangsTheConsumer() throws {
      let output = try Fixture.run("death-dropping")
      #expect(output["deaths"] == "20")
      #expect(output["no_child"] == "true")
    }

    @Test func killedAfterTheLastEpochLosesNothing() throws {
      let output = try Fixture.run("death-after-last")
      #expect(output["exact"] == "true")
      #expect(output["nil_again"] == "true")
    }

    @Test func aQuickStageNamesTheSampleThatItDiedOfAmongManyOfAChunk() throws {
      let output = try Fixture.run("death-quick")
      #expect(output["stage"] == "decode")
      #expect(output["sample"] == "sample 5000")
      #expect(output.number("further_samples") >= 4000)
    }

    @Test(arguments: ["exit", "_exit"], [0, 3]) func aWorkerThatExitsNamesItsStatus(how: String, status: Int) throws {
      let output = try Fixture.run("death-by-exit", how, String(status))
      #expect(output["code"] == "workerDied")
      #expect(output["cause"] == "exited with status \(status)")
      #expect(
        output["message"] == """
          The worker (process \(output["worker"])) exited with status \(status) in stage "decode" at sample 37. Code \
          that it ran has called exit; a closure that cannot go on should throw an error: that arrives here.
          """)
      #expect(output["parents_handler"] == output["parent"], "exit handlers of the parent run in the parent alone")
    }

    @Test func exitInTheWorkerRunsTheWorkersOwnHandlers() throws {
      let output = try Fixture.run("death-by-exit", "exit", "3")
      #expect(output["workers_line"] == output["worker"])
      #expect(output["workers_handler"] == output["worker"])
    }

    @Test func aProgramThatIgnoresSIGCHLDIsStillWoken() throws {
      let output = try Fixture.run("death-ignored-child")
      #expect(output["code"] == "workerDied")
      #expect(Self.stagesAroundAFullRing.contains(output["stage"]))
    }

    /// Where a worker may be that had filled its ring when `next` began to give slots back: waiting still, or at work
    /// anywhere in its pipeline once more.
    private static let stagesAroundAFullRing = ["waiting for a slot", "running", "source", "decode", "batch"]
  }
}
