import Testing

extension WorkerFaults {
  @Suite struct ForkedParents {
    @Test func locksOfTheForkedChildKnowTheirOwner() throws {
      let output = try Fixture.run("contended")
      #expect(output["ended"] == "true")
      #expect(output["status"] == "exited with status 0")
    }

    @Test func aHundredWorkersDeliverTheirFirstEpoch() throws {
      for _ in 0..<100 {
        let output = try Fixture.run("warm", "none", "subprocess")
        #expect(output["samples"] == "100")
      }
    }

    @Test(arguments: ["async", "task"]) func aParentThatHasUsedDispatchIsRefused(use: String) throws {
      let output = try Fixture.run("warm", use, "subprocess")
      #expect(output["code"] == "forkUnsafe")
      #expect(
        output["message"] == """
          This process can no longer be forked: Dispatch or a Task has been used in it, and Dispatch queues hang for \
          ever in the child of such a process. Call runPipelineInSubprocess before anything that starts a thread \
          (first in main, not in an async function), call Headrace.bootstrap() there and pass a PipelineFactory, have \
          a program load (LoaderProgram, LoaderCommand), or pass placement: .sameProcess.
          """)
      #expect(output["no_child"] == "true")
    }

    @Test func aParentWithAnotherThreadIsRefused() throws {
      let output = try Fixture.run("warm", "thread", "subprocess")
      #expect(output["code"] == "forkUnsafe")
      #expect(
        output["message"].hasPrefix(
          "This process can no longer be forked: it has 1 further thread, whose locks would stay locked in the child."))
      #expect(output["message"].hasSuffix("or pass placement: .sameProcess."))
    }

    @Test(arguments: ["none", "sync", "thread-ended"]) func aColdParentIsForked(use: String) throws {
      let output = try Fixture.run("warm", use, "subprocess")
      #expect(output["samples"] == "100")
    }

    @Test(arguments: ["async", "task", "thread"]) func sameProcessWorksInAWarmParent(use: String) throws {
      let output = try Fixture.run("warm", use, "same-process")
      #expect(output["samples"] == "100")
    }
  }
}
