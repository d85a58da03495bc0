import Testing

extension WorkerFaults {
  /// The worker dies, another goes on, and the trainer sees nothing of it but a slightly later batch.
  @Suite struct Recovery {
    static let signals = [(9, "SIGKILL"), (11, "SIGSEGV"), (6, "SIGABRT")]

    @Test(arguments: signals)
    func killedTwentyTimesTheEpochsAreTheSame(signal: (number: Int, name: String)) throws {
      let output = try Fixture.run("recover", String(signal.number), "20", "3")
      expectExact(output, kills: 20)
      #expect(try output["digest"] == CalmEpochs.digest())
    }

    @Test func killedTwentyTimesUnderAServerTheEpochsAreTheSame() throws {
      let output = try Fixture.run("recover", "9", "20", "3", "input", "fork-server")
      expectExact(output, kills: 20)
      #expect(try output["digest"] == CalmEpochs.digest())
    }

    @Test func withoutAnOrderNoSampleIsLostOrComesTwice() throws {
      expectExact(try Fixture.run("recover", "9", "20", "3", "completion"), kills: 20)
    }

    private func expectExact(_ output: FixtureOutput, kills: Int) {
      #expect(output["restarts"] == String(kills))
      #expect(output.values("all") == ["true", "true", "true"])
      #expect(output["left_out"] == "exact")
      #expect(output["statistics_only_grow"] == "true")
      #expect(output["orders"] == "3")
    }

    @Test(arguments: ["sync", "async"]) func whatIsOutIsNotWorkedOnAgain(closure: String) throws {
      let output = try Fixture.run("recover-work", closure)
      #expect(output["whole"] == "true")
      #expect(output["restarts"] == "1")
      print("20,000 samples, a death at nine tenths, \(closure) closures: \(output["calls"]) calls")
      // Those in flight at the death come again: slots, queues, a chunk of each thread, and what a shuffle kept.
      #expect(output.number("calls") >= 20_000 && output.number("calls") < 21_000)
    }

    @Test(arguments: [
      ("merge", "what comes out of stage \"merge\" depends on time"),
      ("window", "what comes out of stage \"group\" depends on time"),
      ("memory", "what stage \"cache\" had kept in memory is gone"),
    ])
    func anEpochThatCannotBeGoneOnWithEndsWithAnErrorAndTheNextIsWhole(kind: String, reason: String) throws {
      let output = try Fixture.run("recover-not", kind)
      let count = kind == "merge" ? 2_000 : 1_000
      #expect(
        output.values("epoch") == ["0 whole true \(count)", "1 epochLost distinct true", "2 whole true \(count)"])
      #expect(output["message"].contains(reason))
      #expect(output["message"].contains("killed by signal 9 (SIGKILL)"))
    }
  }
}
