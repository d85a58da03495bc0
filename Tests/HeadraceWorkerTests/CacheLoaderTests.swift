import Testing

extension WorkerFaults {
  @Suite struct CacheLoaders {
    /// What a cache loader returns: the number of each batch, with a `c` when it comes from the caches.
    private func trace(
      batches: Int, epochs: Int, caches: Int, after: Int, stop: Int, calls: Int
    ) throws -> String {
      try Fixture.run(
        "cache", "\(batches * 10)", "\(epochs)", "\(caches)", "\(after)", "\(stop)", "\(calls)")["trace"]
    }

    @Test func cachesAreReturnedInTurnAfterReturnCachesAfter() throws {
      #expect(
        try trace(batches: 7, epochs: 1, caches: 3, after: 5, stop: 10, calls: 12)
          == "0 1 2 3 4 c0 c1 c2 c0 c1 nil nil")
    }

    @Test func returnCachesAfterIsNumCachesByDefault() throws {
      #expect(
        try trace(batches: 7, epochs: 0, caches: 3, after: 0, stop: 10, calls: 11)
          == "0 1 2 c0 c1 c2 c0 c1 c2 c0 nil")
    }

    @Test func withoutStopAfterTheReplayGoesOn() throws {
      #expect(
        try trace(batches: 7, epochs: 0, caches: 2, after: 2, stop: 0, calls: 8) == "0 1 c0 c1 c0 c1 c0 c1")
    }

    @Test func stopAfterCanComeBeforeTheReplay() throws {
      #expect(try trace(batches: 7, epochs: 0, caches: 2, after: 5, stop: 4, calls: 6) == "0 1 2 3 nil nil")
    }

    @Test func endsOfEpochsAreNilWhileTheLoaderIsLive() throws {
      #expect(
        try trace(batches: 3, epochs: 0, caches: 2, after: 5, stop: 0, calls: 10) == "0 1 2 nil 0 1 c0 c1 c0 c1")
    }

    @Test func aSourceWithTooFewBatchesIsReplayedFromItsEnd() throws {
      #expect(
        try trace(batches: 2, epochs: 3, caches: 2, after: 100, stop: 12, calls: 16)
          == "0 1 nil 0 1 nil 0 1 c0 c1 c0 c1 c0 c1 nil nil")
      #expect(try trace(batches: 1, epochs: 1, caches: 3, after: 5, stop: 0, calls: 4) == "0 c0 c0 c0")
    }

    @Test func anEmptySourceGivesNilForEver() throws {
      #expect(try trace(batches: 0, epochs: 2, caches: 2, after: 0, stop: 0, calls: 5) == "nil nil nil nil nil")
    }

    @Test func theWorkerIsGoneOnceTheReplayStarts() throws {
      let output = try Fixture.run("cache-worker")
      #expect(output["alive_before"] == "true")
      #expect(output["gone_after"] == "true")
      #expect(output["equal"] == "true", "replayed batches equal the live ones")
      #expect(output["held"] == "true", "a live batch that is held stays intact")
      #expect(output["leased"] == "1")
      #expect(output["leased_then"] == "0")
      #expect(output["statistics"] == "[\"source\", \"decode\", \"batch\"]")
    }

    @Test func argumentsThatMakeNoSenseAreRefusedAndStopTheLoader() throws {
      let output = try Fixture.run("cache-arguments")
      #expect(
        output.values("refused") == [
          "numCaches is 0; at least one batch has to be cached.",
          "returnCachesAfter is 2, less than numCaches, 3; the caches are filled on the way to it.",
          "stopAfter is 0; it must be at least 1, or nil.",
          "numCaches is -1; at least one batch has to be cached.",
        ])
      #expect(output["accepted"] == "1")
      #expect(output["no_child"] == "true")
    }

    @Test func theReportOfAnIdleLoopSaysThatLoadingIsAllOfIt() throws {
      let output = try Fixture.run("cache-report")
      #expect(output["early"] == "true")
      #expect(output["steps"] == "200")
      #expect(output["live_is_slower"] == "true")
      // 60 live steps, of which the first is none and 4 lived on a full ring; 140 replayed, of which 2 are left out.
      #expect(output["counts"] == "55 138")
      print("report \(output["report"])")
      #expect(output["report"].contains(" % of a step is loading ("))
    }
  }
}
