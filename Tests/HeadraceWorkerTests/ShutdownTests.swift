import Glibc
import HeadraceSystem
import Testing

extension WorkerFaults {
  /// A loader is gone for good, however it ended. Of a trainer that ends, `ParentDeath` tells.
  @Suite struct Shutdown {
    @Test(arguments: ["fork", "fork-server"], ["end", "break", "throw", "worker", "supervisor"])
    func nothingOfALoaderStays(method: String, way: String) throws {
      let output = try Fixture.run("shutdown", way, method)
      let endings = [
        "end": "1000 samples", "break": "50 samples", "throw": "stageFailed", "worker": "workerDied",
        "supervisor": "workerDied",
      ]
      #expect(output["ending"] == endings[way])
      // Descriptors by kind, sockets and memory files among them, and mapped rings; of the fork server as well.
      #expect(output["after"] == output["before"])
      #expect(output["after"].hasSuffix("rings 0"))
      #expect(output["kept_children"] == "0")
    }

    @Test(arguments: ["fork", "fork-server"], ["none", "worker"])
    func aTrainerThatIsStoppedForAWhileMissesNothing(method: String, killed: String) throws {
      let fixture = try Fixture("consume", method)
      let worker = try #require(Int32(try fixture.waitForLine("worker")))
      let watchdog = WorkerWatchdog()
      kill(fixture.processID, SIGSTOP)
      try watchdog.wait(for: "stop of the trainer") { ProcessTable.state(fixture.processID) == "T" }
      // It runs ahead until all slots are full, and then waits for the trainer without using the processor.
      try waitForRest(of: worker, watchdog)
      if killed == "worker" {
        kill(worker, SIGKILL)
        try watchdog.wait(for: "end of the worker") { [nil, "Z", "X"].contains(ProcessTable.state(worker)) }
      }
      kill(fixture.processID, SIGCONT)
      let output = try fixture.finish()
      #expect(output.status == .exited(0))
      #expect(output["exact"] == "true")
      #expect(output["restarts"] == (killed == "worker" ? "1" : "0"))
    }

    @Test(arguments: ["fork", "fork-server", "same-process"])
    func aStopNamesTheStageAndTheSampleThatItHadToKill(method: String) throws {
      let output = try Fixture.run("stop-named", "stuck", method)
      #expect(output["running"] == "decode 25 -")
      #expect(output.number("elapsed_ms") >= 200)
      #expect(output["kept_children"] == "0")
    }

    @Test(arguments: ["fork", "fork-server", "same-process"])
    func aStopThatNothingKeepsNamesNothing(method: String) throws {
      let output = try Fixture.run("stop-named", "running", method)
      #expect(output["running"] == "")
      #expect(output["kept_children"] == "0")
    }

    /// Until a process has used no processor for many looks.
    private func waitForRest(of process: Int32, _ watchdog: WorkerWatchdog) throws {
      var last = "", looks = 0
      try watchdog.wait(for: "rest of the worker") {
        let now = ProcessTable.processorTicks(process)
        looks = now == last && ProcessTable.state(process) == "S" ? looks + 1 : 0
        last = now
        return looks > 2_000
      }
    }
  }
}
