import Glibc
import Testing

extension WorkerFaults {
  @Suite struct Stop {
    @Test func aStageThatNeverEndsIsKilledAfterTheStopTimeout() throws {
      let output = try Fixture.run("stop", "stuck", "300")
      print("stop with a stuck stage and a timeout of 300 ms took \(output["elapsed_ms"]) ms")
      #expect(output.number("elapsed_ms") >= 300)
      #expect(output["no_child"] == "true")
    }

    @Test(arguments: ["idle", "waiting", "running", "starting"])
    func aWorkerThatIsNotStuckStopsWithoutTheTimeout(state: String) throws {
      // With a timeout of a minute only a stop by itself comes before the watchdog.
      let output = try Fixture.run("stop", state, "60000")
      print("stop of a worker that is \(state) took \(output["elapsed_ms"]) ms")
      #expect(output["no_child"] == "true")
      if state == "waiting" { #expect(output["held"] == "true", "a batch outlives its loader") }
    }

    @Test func theWorkerPrintsItsOwnLinesAndNoneOfTheParents() throws {
      let output = try Fixture.run("stop-output")
      let parent = output["parent"]
      #expect(output["buffered"] == parent)
      #expect(output["exit_handler"] == parent)
      #expect(output.values("from_worker") == ["0", "10", "20"])
    }

    @Test func signalsButThoseOfAWholeGroupHaveTheirDefaultActionsInTheWorker() throws {
      let output = try Fixture.run("stop-signals")
      let group: UInt64 = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2].reduce(0) { $0 | 1 << UInt64($1 - 1) }
      for (field, what, expected) in [
        ("SigBlk", "blocked", 0), ("SigIgn", "ignored", 0), ("SigCgt", "caught", group),
      ] {
        // Signals 32 and 33 are the C library's own.
        let others = (UInt64(output[field], radix: 16) ?? .max) & ~(3 << 31)
        #expect(others == expected, "\(output[field]) \(what)")
      }
    }
  }
}
