import HeadraceTestSupport
import Testing

extension WorkerFaults {
  @Suite struct Churn {
    /// Loaders, and deaths of workers: `HEADRACE_STARTS` says how many, for a longer search.
    private static let count = EnvironmentVariable.number("HEADRACE_STARTS", or: 150)

    @Test func aThousandEpochsGivenUpLeaveBothProcessesAsTheyWere() throws {
      let output = try Fixture.run("churn-skip", "1000")
      #expect(output["wrong"] == "0")
      #expect(output["epoch"] == "1000")
      for process in ["parent", "worker"] {
        #expect(output["late_\(process)_descriptors"] == output["early_\(process)_descriptors"])
        let early = output.number("early_\(process)_private_kib")
        let late = output.number("late_\(process)_private_kib")
        print(
          "1,000 epochs given up, \(process): \(early) KiB after 200, \(late) KiB at the end,",
          "threads \(output["early_\(process)_threads"]) and \(output["late_\(process)_threads"])")
        // 800 epochs that leak 2 KiB each would show; what an allocator keeps does not grow like that.
        #expect(late < early + 1600)
      }
      #expect(output["late_parent_threads"] == "1")
      // The thread that was forked, the loop, two lanes, the clock of the run, and the one that keeps the trainer's
      // rank.
      #expect(output["early_worker_threads"] == "6")
      #expect(output["late_worker_threads"] == "6")
    }

    @Test(arguments: ["fork", "fork-server"]) func loadersThatComeAndGoLeaveNothingBehind(method: String) throws {
      let output = try Fixture.run("churn-restart", String(Self.count), method)
      #expect(output["taken"] == String(10 * Self.count))
      #expect(output["kept_children"] == "0")
      #expect(output["kept_grandchildren"] == "0")
      expectNoGrowth(output, "\(Self.count) loaders by \(method)", method == "fork" ? ["parent"] : ["parent", "other"])
    }

    @Test(arguments: ["fork", "fork-server"]) func workersThatAreKilledLeaveNothingBehind(
      method: String
    ) throws {
      let output = try Fixture.run("churn-respawn", String(Self.count), method)
      #expect(output["restarts"] == String(Self.count))
      #expect(output["kept_children"] == "0")
      #expect(output["workers"] == "1")
      // The other one is the supervisor.
      expectNoGrowth(output, "\(Self.count) respawns by \(method)", ["parent", "other"])
    }

    /// From after a fifth to the end.
    private func expectNoGrowth(_ output: FixtureOutput, _ what: String, _ processes: [String]) {
      for process in processes {
        for figure in ["descriptors", "mappings"] {
          #expect(output["late_\(process)_\(figure)"] == output["early_\(process)_\(figure)"], "\(process)")
        }
        #expect(output["late_\(process)_threads"] == "1")
        let early = output.number("early_\(process)_private_kib"), late = output.number("late_\(process)_private_kib")
        print("\(what), \(process): \(early) KiB after 200, \(late) KiB at the end")
        // 800 that leak a kibibyte each would show.
        #expect(late < early + 800, "\(process)")
      }
    }
  }
}
