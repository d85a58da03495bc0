import Glibc
import HeadraceSystem
import HeadraceTestSupport
import Testing

extension WorkerFaults {
  @Suite struct ParentDeath {
    /// Milliseconds from the end of the parent to the end of the last worker.
    private func millisecondsToTheEnd(
      _ how: String, signal: Int32? = nil, loaders: Int, stage: String, method: String = "fork",
      expected: HeadraceSystem.ExitStatus
    ) throws -> Double {
      let before = ProcessTable.sharedMemoryNames
      let cause = signal.map { "signal \($0)" } ?? how
      let milliseconds = try WorkerFaults.median(
        "parent ends by \(cause), \(loaders) loaders by \(method), \(stage) stage, gone after"
      ) {
        let fixture = try Fixture("parent", how, String(loaders), stage, method)
        _ = try fixture.waitForLine("ready")
        let start = MonotonicClock.now
        if let signal { kill(fixture.processID, signal) }
        // Parent and workers hold the output: it ends with the last of them.
        let output = try fixture.finish()
        let milliseconds = Double(output.endedAt - start) / 1e6
        #expect(output.status == expected)
        #expect(output.values("worker").count == loaders)
        #expect(output.values("took") == Array(repeating: "10", count: loaders))
        #expect(output.values("named_memory") == Array(repeating: "false", count: loaders))
        return milliseconds
      }
      #expect(ProcessTable.sharedMemoryNames == before)
      return milliseconds
    }

    @Test(arguments: [1, 2], ["short", "long"])
    func killedParentTakesItsWorkersAlong(loaders: Int, stage: String) throws {
      #expect(
        try millisecondsToTheEnd("hang", signal: SIGKILL, loaders: loaders, stage: stage, expected: .signaled(SIGKILL))
          < 1000)
    }

    @Test(arguments: [SIGTERM, SIGINT]) func signalledParentTakesItsWorkerAlong(signal: Int32) throws {
      #expect(
        try millisecondsToTheEnd("hang", signal: signal, loaders: 1, stage: "long", expected: .signaled(signal)) < 1000)
    }

    @Test(arguments: ["exit", "_exit", "return"], ["short", "long"])
    func parentThatExitsTakesItsWorkersAlong(how: String, stage: String) throws {
      #expect(try millisecondsToTheEnd(how, loaders: 2, stage: stage, expected: .exited(0)) < 1000)
    }

    @Test(arguments: ["hang", "exit"]) func parentThatEndsTakesItsServerAndAllUnderItAlong(how: String) throws {
      let signal = how == "hang" ? SIGKILL : nil
      #expect(
        try millisecondsToTheEnd(
          how, signal: signal, loaders: 2, stage: "long", method: "fork-server",
          expected: signal.map(ExitStatus.signaled) ?? .exited(0)) < 1000)
    }

    @Test(arguments: ["fork", "fork-server"], [SIGKILL, SIGTERM, SIGINT])
    func killedTrainerLeavesNoSocketOfItsReadersBehind(method: String, signal: Int32) throws {
      let folder = try TemporaryFolder()
      let path = folder.file("s")
      let fixture = try Fixture("readers-first", path, "2", "broadcast", "1", "100", method)
      _ = try fixture.waitForLine("method")
      #expect(try FileSystem.kind(of: path) != .missing)
      kill(fixture.processID, signal)
      #expect(try fixture.finish().status == .signaled(signal))
      #expect(try FileSystem.kind(of: path) == .missing)
    }

    @Test func abortedParentTakesItsWorkerAlong() throws {
      #expect(try millisecondsToTheEnd("abort", loaders: 1, stage: "long", expected: .signaled(SIGABRT)) < 1000)
    }
  }
}
