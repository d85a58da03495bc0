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
        #expect(message.hasPrefix("No batch within 0.0"))
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
        #expect(message.contains("stage \"decode\" works on sample 25. Nothing is lost; call next again."))
      }
      #expect(output["exact"] == "true")
    }

    @Test func aTimeoutNamesTheWholeWait() throws {
      let output = try Fixture.run("stale")
      #expect(output.number("waited_ms") >= 400)
      let words = output["message"].split(separator: " ")
      #expect(words.count > 3 && (Double(words[3]) ?? 0) >= 0.4)
      #expect(output["next_epoch"] == "1")
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
}
