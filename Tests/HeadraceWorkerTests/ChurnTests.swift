import Testing

extension WorkerFaults {
  @Suite struct Churn {
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
      // The thread that was forked, the loop, two lanes, and the clock of the run.
      #expect(output["early_worker_threads"] == "5")
      #expect(output["late_worker_threads"] == "5")
    }

    @Test(arguments: ["fork", "fork-server"]) func aThousandLoadersLeaveNothingBehind(method: String) throws {
      let output = try Fixture.run("churn-restart", "1000", method)
      #expect(output["taken"] == "10000")
      #expect(output["kept_children"] == "0")
      #expect(output["kept_grandchildren"] == "0")
      expectNoGrowth(output, "1,000 loaders by \(method)", method == "fork" ? ["parent"] : ["parent", "other"])
    }

    @Test(arguments: ["fork", "fork-server"]) func aThousandWorkersThatAreKilledLeaveNothingBehind(
      method: String
    ) throws {
      let output = try Fixture.run("churn-respawn", "1000", method)
      #expect(output["restarts"] == "1000")
      #expect(output["kept_children"] == "0")
      #expect(output["workers"] == "1")
      // The other one is the supervisor.
      expectNoGrowth(output, "1,000 respawns by \(method)", ["parent", "other"])
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
