import Glibc
import HeadraceTestSupport
import Testing

extension WorkerFaults {
  @Suite struct HeldBatches {
    @Test(arguments: [2, 4]) func aBatchHeldForEverStopsNoOtherSlot(slots: Int) throws {
      let output = try Fixture.run("held", String(slots), "3000")
      #expect(output["wrong"] == "0")
      #expect(output["held"] == "5 true")
      #expect(output["epoch"] == "29")
    }

    @Test func aSlotGivenUpByAStoppedEpochIsFoundByTheNext() throws {
      let output = try Fixture.run("held-skip", "50")
      #expect(output.values("stuck").isEmpty && output.values("wrong").isEmpty)
      #expect(output["held"] == "true")
      #expect(output["epoch"] == "51")
    }

    @Test func aTimeoutWithAllSlotsHeldSaysSoAndLosesNothing() throws {
      let output = try Fixture.run("all-held", "50")
      #expect(output.values("code") == ["timedOut", "timedOut", "timedOut"])
      for message in output.values("message") {
        #expect(try seconds(in: message) >= 0.05)
        #expect(
          message.hasSuffix(" s: all 3 slots are held by batches of this process. Let go of one, or raise slots."))
      }
      #expect(output["exact"] == "true")
    }

    @Test(arguments: ["subprocess", "same-process"])
    func aTimeoutOnASlowStageNamesItAndLosesNothing(placement: String) throws {
      let output = try Fixture.run("slow", placement)
      #expect(output.values("code") == ["timedOut", "timedOut", "timedOut"])
      for message in output.values("message") {
        #expect(try seconds(in: message) >= 0.1)
        // What other stages do meanwhile stands beside it.
        #expect(message.contains("stage \"decode\" works on sample 25"))
        #expect(message.hasSuffix(". Nothing is lost; call next again."))
      }
      #expect(output["exact"] == "true")
    }

    @Test(arguments: ["subprocess", "same-process"])
    func aSampleThatHangsHoldsBackNoOther(placement: String) throws {
      let output = try Fixture.run("hanging-sample", placement)
      #expect(output["others"] == "true")
      #expect(output["exact"] == "true")
    }

    @Test func aTimeoutNamesTheWholeWait() throws {
      let output = try Fixture.run("stale")
      #expect(output.number("waited_ms") >= 400)
      #expect(try seconds(in: output["message"]) >= 0.4)
      #expect(output["next_epoch"] == "1")
    }

    @Test func aTimeoutIsKeptWithALargeRingAndASourceThatOpensForEver() throws {
      let beyond = try WorkerFaults.median("timeout of 20 ms, ring of 512 MiB, kept to within") {
        let output = try Fixture.run("large-timeout", "20")
        #expect(output["code"] == "timedOut")
        #expect(output["message"].contains("stage \"source\" works on sample 0"))
        // Mapping the ring's pages would come on top of the timeout, however fast a machine does it.
        #expect(output.number("mapped_kib") < 4096)
        return output.number("beyond_us") / 1000
      }
      #expect(beyond >= 0 && beyond < 100)
    }

    /// What a message says about the time that was waited; a loaded machine may wake a waiter any time later.
    private func seconds(in message: String) throws -> Double {
      let match = try #require(message.wholeMatch(of: /No batch within ([0-9.]+) s: .*/), "\(message)")
      return try #require(Double(match.1))
    }

    @Test func signalsThatInterruptTheWaitLoseNothing() throws {
      #expect(try Fixture.run("interrupted")["exact"] == "true")
    }
  }
}

/// Beside the others: it waits ten seconds and needs no processor.
@Suite struct HeldForEver {
  @Test func nextWithoutATimeoutGivesUpWhenAllSlotsAreHeld() throws {
    let output = try Fixture.run("all-held", "0")
    #expect(output.values("code") == ["timedOut"])
    #expect(output["message"].contains("all 3 slots are held by batches of this process"))
    #expect(output["exact"] == "true")
  }

  @Test func readersThatTogetherHoldAllSlotsAndWaitAreToldWhoHoldsThem() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s")
    let loader = try Fixture(["readers-serve", path, "2", "partition", "1", "200", "0", "4", "together"])
    let readers = try (0..<2).map { try Fixture("readers-read", path, "\($0)", "20", "hoard", "2") }
    let outputs = try readers.map { try $0.finish() }
    let errors = outputs.flatMap { $0.values("error") }
    #expect(!errors.isEmpty)
    for error in errors {
      #expect(
        error.hasPrefix("timedOut No batch within 1") && error.contains("all 4 slots are held by batches of readers"))
      for (place, reader) in readers.enumerated() {
        #expect(error.contains("place \(place) (process \(reader.processID)) holds 2"), "\(error)")
      }
    }
    let values = outputs.flatMap { $0["values"].split(separator: ",").compactMap { Int($0) } }
    #expect(values.sorted() == Array(0..<200))
    kill(loader.processID, SIGUSR1)
    #expect(try loader.finish()["held"] == "0")
  }
}
