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

    @Test func twoHundredLoadersLeaveNothingBehind() throws {
      let output = try Fixture.run("churn-restart", "200")
      #expect(output["taken"] == "2000")
      #expect(output["no_child"] == "true")
      #expect(output["late_parent_threads"] == "1")
      // The early figures were taken while a loader lived.
      #expect(output.number("late_parent_descriptors") < output.number("early_parent_descriptors"))
      let early = output.number("early_parent_private_kib")
      let late = output.number("late_parent_private_kib")
      print("200 loaders: \(early) KiB after 40, \(late) KiB at the end")
      #expect(late < early + 800)
    }
  }
}
