import Testing

extension WorkerFaults {
  @Suite struct WorkerDeath {
    static let signals = [(9, "SIGKILL"), (11, "SIGSEGV"), (15, "SIGTERM")]

    /// What the consumer sees when the worker dies at `place` while the consumer is inside `next`.
    private func expectDeath(
      _ place: String, _ signal: (Int, String), stage: String, sample: String
    ) throws -> FixtureOutput {
      var last = FixtureOutput([])
      let latency = try WorkerFaults.best(of: 5, under: 100) {
        last = try Fixture.run("death", place, String(signal.0))
        return last.number("latency_us") / 1000
      }
      print("worker killed by \(signal.1), \(place): error after \(latency) ms")
      #expect(latency < 100)
      #expect(last["code"] == "workerDied")
      #expect(last["cause"] == "was killed by signal \(signal.0) (\(signal.1))")
      #expect(last["message"].contains("(\(signal.1))"))
      #expect(last["stage"] == stage)
      #expect(last["sample"] == sample)
      #expect(last["dropped"] == "yes")
      #expect(last["again"] == "3")
      #expect(last["no_child"] == "true")
      #expect(last.values("corrupt").isEmpty && last.values("gap").isEmpty)
      return last
    }

    @Test(arguments: signals) func killedInMakeReaderWakesTheConsumer(signal: (Int, String)) throws {
      _ = try expectDeath("makeReader", signal, stage: "source", sample: "item 0")
    }

    @Test(arguments: signals) func killedMidBatchNamesStageAndSample(signal: (Int, String)) throws {
      let output = try expectDeath("stage", signal, stage: "decode", sample: "item 37")
      #expect(output["message"].contains("in stage \"decode\" at sample 37"))
    }

    @Test(arguments: signals) func killedInTheBatchClosureNamesStageAndSample(signal: (Int, String)) throws {
      _ = try expectDeath("batch", signal, stage: "collate", sample: "item 37")
    }

    @Test(arguments: signals) func killedWhileWaitingForASlotLeavesLeasesIntact(signal: (Int, String)) throws {
      let output = try expectDeath("slot", signal, stage: "waiting for a slot", sample: "-")
      #expect(output.values("held") == ["10", "10", "10", "10"])
    }

    @Test(arguments: ["starting", "running", "slot", "idle"], signals)
    func killedBeforeNextIsCalledIsSeenByNext(place: String, signal: (Int, String)) throws {
      var output = FixtureOutput([])
      let latency = try WorkerFaults.best(of: 5, under: 100) {
        output = try Fixture.run("death-outside", place, String(signal.0))
        return output.number("latency_us") / 1000
      }
      print("worker killed by \(signal.1), \(place), consumer outside next: error after \(latency) ms")
      #expect(latency < 100)
      #expect(output["code"] == "workerDied")
      #expect(output["cause"] == "was killed by signal \(signal.0) (\(signal.1))")
      // `next` gives slots back while the worker is dying, which may then be at work once more; with leases held,
      // `killedWhileWaitingForASlotLeavesLeasesIntact` is exact.
      if place == "slot" { #expect(Self.stagesAroundAFullRing.contains(output["stage"])) }
      if place == "idle" { #expect(output["stage"] == "idle") }
      #expect(output["again"] == "3")
      #expect(output["no_child"] == "true")
      #expect(output.values("corrupt").isEmpty && output.values("gap").isEmpty)
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

    @Test func aQuickStageNamesTheFirstSampleOfItsRun() throws {
      let output = try Fixture.run("death-quick")
      #expect(output["stage"] == "decode")
      let position = Int(output["sample"].dropFirst(5)) ?? -1
      #expect((4937...5000).contains(position))
      #expect(output.number("further_samples") >= 4000)
    }

    @Test func aWorkerThatExitsNamesItsStatus() throws {
      let output = try Fixture.run("death-by-exit")
      #expect(output["cause"] == "exited with status 3")
      #expect(output["sample"] == "item 37")
    }

    @Test func aProgramThatIgnoresSIGCHLDIsStillWoken() throws {
      let output = try Fixture.run("death-ignored-child")
      #expect(output["code"] == "workerDied")
      #expect(Self.stagesAroundAFullRing.contains(output["stage"]))
    }

    private static let stagesAroundAFullRing = ["waiting for a slot", "running", "source", "batch", "stage"]
  }
}
