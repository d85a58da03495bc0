import Testing

extension WorkerFaults {
  /// Why processes of a loader have ended, and the limits that end them.
  @Suite struct Exits {
    @Test(arguments: [1, 2, 4]) func aSampleThatHangsForEverIsFoundOutAndLeftOut(threads: Int) throws {
      let output = try Fixture.run("exit-hang", "0", String(threads))
      #expect(output["whole"] == "true")
      #expect(output["failure"] == "57 sampleCrashed")
      let exits = output.values("exit")
      #expect(exits.count == 3 && output["restarts"] == "3")
      for exit in exits {
        #expect(exit.hasPrefix("worker (process "))
        #expect(exit.contains("was killed by signal 9 (SIGKILL) after "))
        #expect(exit.contains(": nothing has changed for 0.2 s while a reader waited, which is hangLimit"))
        #expect(exit.contains("stage \"decode\" at sample 57"))
      }
    }

    @Test func inAPoolAHangingCallEndsItsProcessAndNoOther() throws {
      let output = try Fixture.run("exit-hang", "2", "2")
      #expect(output["whole"] == "true")
      #expect(output["failure"] == "57 timedOut")
      #expect(output["restarts"] == "1")
      #expect(output["exit"].hasPrefix("pool "))
      #expect(output["exit"].contains(": a call was beyond the time limit of its stage"))
      #expect(output["exit"].contains("stage \"decode\" at sample 57"))
    }

    @Test(arguments: [0, 2]) func whoTakesMoreMemoryThanAllowedIsEndedAndHalfAsMuchIsDoneAtATime(workers: Int) throws {
      let output = try Fixture.run("exit-memory", String(workers))
      #expect(output["whole"] == "true")
      let exits = output.values("exit")
      #expect(!exits.isEmpty)
      for exit in exits {
        #expect(exit.hasPrefix(workers == 0 ? "worker" : "pool"))
        #expect(exit.contains("of memory, and memoryLimit is "))
      }
      // Of the four at the start half as many each time.
      for (exit, left) in zip(exits, ["from then on 2 calls", "from then on 1 call", "as before, 1 call"]) {
        #expect(exit.contains("; \(left) at a time"), "\(exit)")
      }
      #expect((1...2).contains(output.number("most_at_a_time")))
      // Looked at every 20 ms: how much more it may have taken by then depends on the machine, and is well below this.
      for peak in output.values("peak_mib") { #expect((Int(peak) ?? 0) < 300 + 2_000) }
    }
  }
}
