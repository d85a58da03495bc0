import Testing

extension WorkerFaults {
  @Suite struct RingMemory {
    @Test func aRingBeyondTheMachineIsAnErrorAtTheStart() throws {
      let output = try Fixture.run("memory", "huge")
      #expect(output["code"] == "outOfMemory")
      #expect(
        output["message"].hasPrefix("A ring of 4096 slots of 67.1 MB needs 275 GB of memory and "))
      #expect(output["message"].hasSuffix(" are available; lower slots, BatchSpec.size or the tensors' shapes."))
      #expect(output["no_child"] == "true")
    }

    @Test func aRingBeyondTheAddressSpaceLimitIsAnErrorAtTheStart() throws {
      let output = try Fixture.run("memory", "address-space")
      #expect(output["code"] == "outOfMemory")
      #expect(output["cause"] == "mmap: ENOMEM (Cannot allocate memory)")
    }

    @Test func aRingBeyondTheFileSizeLimitIsAnErrorAndNotASignal() throws {
      let output = try Fixture.run("memory", "file-size")
      #expect(output["code"] == "outOfMemory")
      #expect(output["cause"] == "ftruncate: EFBIG (File too large)")
    }

    @Test func memoryThatIsGoneOnceTheWorkerRunsIsAnErrorAtTheStartAndTheWorkerEnds() throws {
      let output = try Fixture.run("memory", "later")
      #expect(output["code"] == "outOfMemory")
      #expect(output["message"].hasPrefix("A ring of 8 slots of 32.8 kB needs "))
      #expect(output["cause"].hasPrefix("fallocate: ENOSPC (No space left on device)"))
      #expect(output["no_child"] == "true")
    }

    @Test func tooFewDescriptorsAreAnErrorAtTheStart() throws {
      let output = try Fixture.run("memory", "descriptors")
      #expect(output["code"] == "systemCall")
      #expect(output["cause"].contains("EMFILE"))
    }
  }

  @Suite struct ByteLimit {
    /// The memory of the process, where the allocator keeps nothing of what was freed.
    @Test(arguments: [1, 200, 800]) func peakMemoryIsTheLimitAndTheLargestSampleAnd20MB(shuffle: Int) throws {
      let output = try Fixture.run("budget", "\(shuffle)")
      #expect(output["count"] == "1200")
      let beyond = try #require(Int(output["beyond"]))
      #expect(beyond < 20 << 20)
    }
  }

  @Suite struct ReadOnlySlots {
    @Test func writingToABatchCrashesTheConsumer() throws {
      let output = try Fixture("read-only").finish()
      #expect(output["attempt"] == "0")
      #expect(output.values("survived").isEmpty)
      #expect(output.status == .signaled(11))
    }
  }
}
