import Testing

extension WorkerFaults {
  @Suite struct ForkedCopies {
    @Test func workerAndSupervisorHaveNamesOfTheirOwn() throws {
      let output = try Fixture.run("fork-names")
      #expect(output["worker"] == "headrace-worker")
      #expect(output["supervisor"] == "headrace-super")
    }

    @Test(arguments: ["before", "after", "never"])
    func aLaterWorkerHasNothingOfAnEarlierLoadersRing(firstIsDropped: String) throws {
      let output = try Fixture.run("fork-later", firstIsDropped)
      #expect(output["first"] == "\(Array(0..<10))")
      #expect(output["second"] == "10")
      #expect(output["mapped"] == "1", "its own")
      #expect(output["opened"] == "0")
    }

    @Test func aChildThatDropsItsCopyOfABatchLeavesTheSlotHeld() throws {
      let output = try Fixture.run("fork-drops-batch")
      #expect(output["child"] == "exited with status 0")
      #expect(output["leased"] == "1 of 1")
      #expect(output["leased_then"] == "0")
    }

    @Test func aChildThatDropsItsCopyOfALoaderLeavesTheWorkerAtWork() throws {
      let output = try Fixture.run("fork-drops-loader")
      #expect(output["child"] == "exited with status 0")
      #expect(output["exact"] == "true")
    }

    @Test func aChildThatDropsItsCopyOfAChildLeavesItAlive() throws {
      let output = try Fixture.run("fork-drops-child")
      #expect(output["child"] == "exited with status 0")
      #expect(output["alive"] == "true")
      #expect(output["no_child"] == "true")
    }

    @Test(arguments: ["tensor", "bytes", "position"])
    func aBatchCapturedByALaterPipelineSaysWhyItCannotBeRead(way: String) throws {
      let output = try Fixture.run("fork-captured", way)
      #expect(output["code"] == "forkUnsafe")
      #expect(output["stage"] == "decode")
      #expect(
        output["message"] == """
          The batch belongs to process \(output["owner"]); this is process \(output["worker"]), forked from it later, \
          which has not got the ring's memory. Take what the child needs out of the batch before the fork, for example \
          with BatchCopy.
          """)
      #expect(output["held"] == "true")
    }
  }
}
