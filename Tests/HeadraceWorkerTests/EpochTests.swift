import Testing

extension WorkerFaults {
  @Suite struct Epochs {
    @Test func batchesAreTheSameInBothPlacementsAtAnyNumberOfThreads() throws {
      var digests = Set<String>()
      for placement in ["subprocess", "same-process"] {
        for threads in ["1", "2", "8"] {
          let output = try Fixture.run("digest", placement, threads)
          #expect(output["samples"] == "720")
          digests.insert(output["digest"])
        }
      }
      #expect(digests.count == 1, "\(digests)")
    }

    @Test(arguments: ["subprocess", "same-process"])
    func aLimitOfEpochsEndsInNilAndNoSequenceIsUsedTwice(placement: String) throws {
      let output = try Fixture.run("epochs", "3", placement)
      #expect(output.values("epoch") == (0..<3).map { "\($0) [10, 10, 5]" })
      #expect(output["sequences"] == "\(Array(0..<9))")
      #expect(output["nil_again"] == "true")
      #expect(output["further"] == "false")
      #expect(output.values("wrong").isEmpty)
    }

    @Test func theNextEpochStartsBeforeItIsAskedFor() throws {
      #expect(try Fixture.run("eager")["published"] == "true")
    }

    @Test(arguments: ["subprocess", "same-process"])
    func skipRestOfEpochLandsOnTheFirstBatchOfTheNext(placement: String) throws {
      let output = try Fixture.run("skip-exact", placement)
      #expect(output.values("wrong").isEmpty)
      #expect(output["whole"] == "true")
      #expect(output["after_last"] == "true")
    }

    @Test(arguments: ["subprocess", "same-process"])
    func skipRestOfEpochBetweenEpochsGivesUpNothing(placement: String) throws {
      let output = try Fixture.run("skip-between", placement)
      #expect(output["after_start"] == "true")
      #expect(output["after_end"] == "true")
      #expect(output["failure"] == "sourceFailed")
      #expect(output["after_failure"] == "3")
      #expect(output["after_skip"] == "true")
      #expect(output["after_last"] == "true")
    }

    @Test func whatCannotWorkIsRefusedBeforeAnythingStarts() throws {
      let output = try Fixture.run("arguments")
      #expect(
        output["threads_0"] == "invalidArgument: 0 threads are not possible; threads must be 1 to 256.")
      #expect(output["threads_257"].hasPrefix("invalidArgument: 257 threads"))
      #expect(
        output["slots_1"].hasPrefix("invalidArgument: A ring of 1 slots is not possible; slots must be 2 to 4096"))
      #expect(output["slots_4097"].hasPrefix("invalidArgument: A ring of 4097 slots"))
      #expect(
        output["same_process_workers"]
          == "invalidArgument: workers: 2 is not possible with placement: .sameProcess, which has threads only; leave"
          + " out one of the two.")
      #expect(
        output["epochs_0"] == "invalidArgument: 0 epochs are not possible; epochs must be at least 1, or nil.")
      #expect(
        output["slot_small"]
          == "batchTooLarge: A slot holds 5,199 bytes, a batch of 10 samples needs 5,376; raise slotByteCount or lower"
          + " BatchSpec.size.")
      #expect(output["slot_fits"] == "accepted")
      #expect(output["default_threads"] == "accepted")
      #expect(output["same_name"].hasPrefix("invalidPipeline: Two stages are named \"a\""))
      #expect(output["no_tensor"].hasPrefix("invalidPipeline: A BatchSpec needs at least one TensorSpec"))
      #expect(output["no_child"] == "true")
    }
  }

  @Suite struct Statistics {
    @Test(arguments: ["subprocess", "same-process"]) func countsAreExactAtTheEndOfTheLastEpoch(placement: String) throws
    {
      let output = try Fixture.run("statistics", placement)
      #expect(output["source"] == "2000 0 0 x1")
      #expect(output["decode"] == "2000 40 0 x2")
      #expect(output["tenth"] == "1960 0 200 x1")
      #expect(output["collate"] == "1760 40 0 x2")
      for stage in ["source", "decode", "tenth", "collate"] { #expect(output["sum_\(stage)"] == "true") }
      for figure in ["cpu", "peak", "copied", "waited"] { #expect(output[figure] == "true", "\(figure)") }
    }

    @Test(arguments: [20, 300]) func takeFailuresCountsAllAndNamesTheNewest(count: Int) throws {
      let output = try Fixture.run("failures", String(count))
      #expect(output["count"] == String(count))
      #expect(output["kept"] == String(min(count, 255)))
      #expect(output["positions"] == "true")
      let last = count - 1
      #expect(
        output["last"] == "0 \(last) Stage \"decode\" failed for sample \(last) of epoch 0."
          + " [cause: bad sector \(last)]")
      #expect(output["again"] == "0")
    }
  }
}
