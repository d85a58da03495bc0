import Glibc
import HeadraceCore
import HeadracePipeline
import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

@Suite struct StatisticsTests {
  private func expectSharesOfOne(_ statistics: [StageStatistics]) {
    for stage in statistics {
      let sum = stage.busy + stage.blocked + stage.starved
      #expect(abs(sum - 1) < 1e-9 || (sum == 0 && stage.elapsedSeconds == 0), "\(stage)")
    }
  }

  @Test(arguments: [1, 3]) func countsAreExactOverAllEpochs(concurrency: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline("read", from: 0..<100)
        .map("work", concurrency: .fixed(concurrency), onFailure: .skip(upTo: 10)) { (number: Int) in
          if number % 10 == 0 { throw Mishap() } else { number }
        }
        .filter("keep", concurrency: .fixed(concurrency)) { $0 % 3 != 0 }
        .batch(numbers(8), concurrency: .fixed(concurrency), onFailure: .skip(upTo: 1)) { number, row in
          if number == 55 { throw Mishap() }
          try row.write(Int64(number), to: "x")
        },
      threads: 3)
    #expect(rig.run.statistics().map(\.elapsedSeconds) == [0, 0, 0, 0])
    for epochs in 1...3 {
      #expect(rig.epoch(epochs) == .completed)
      let statistics = rig.run.statistics()
      #expect(statistics.map(\.name) == ["read", "work", "keep", "batch"])
      #expect(statistics.map(\.concurrency) == [1, concurrency, concurrency, concurrency])
      #expect(statistics.map(\.taskCount) == [100, 100, 90, 60].map { $0 * epochs })
      #expect(statistics.map(\.failureCount) == [0, 10, 0, 1].map { $0 * epochs })
      #expect(statistics.map(\.filteredCount) == [0, 0, 30, 0].map { $0 * epochs })
      expectSharesOfOne(statistics)
      for stage in statistics {
        #expect(stage.elapsedSeconds > 0)
        #expect(stage.taskSeconds > 0)
        #expect(stage.taskSecondsP50 <= stage.taskSecondsP90)
        #expect(stage.taskSecondsP90 <= stage.taskSecondsP99)
      }
    }
  }

  @Test(arguments: [0, 1, 5]) func aSourceThatFailsIsCountedWhereverItDoes(position: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: FaultySource(failsAt: position)).batch(4))
    #expect(rig.epoch().error != nil)
    #expect(rig.run.statistics()[0].failureCount == 1)
    #expect(rig.run.statistics()[0].taskCount == position)
    let closed = try Rig(Pipeline(from: FaultySource(failsToOpen: true)).batch(4))
    #expect(closed.epoch().error != nil)
    #expect(closed.run.statistics()[0].failureCount == 1)
  }

  @Test func sharesSumToOneWhileARunWaits() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<1_000).map { $0 }.batch(1), buffers: 2, returning: .byTest)
    let epoch = rig.start()
    for batch in 1...1_000 {
      rig.sink.publications.wait(for: batch)
      expectSharesOfOne(rig.run.statistics())
      rig.sink.giveBack()
    }
    #expect(epoch.outcome() == .completed)
    expectSharesOfOne(rig.run.statistics())
  }

  @Test func aStageThatWaitsForTheSinkIsBlockedAndTheTimeAfterAnEpochCountsForNothing() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<4).batch(1), buffers: 1, returning: .byTest)
    let epoch = rig.start()
    rig.sink.publications.wait(for: 1)
    // Until the clock has moved, the last stage is blocked.
    while rig.run.statistics()[1].blocked == 0 {}
    for batch in 1...4 {
      rig.sink.publications.wait(for: batch)
      rig.sink.giveBack()
    }
    #expect(epoch.outcome() == .completed)
    let after = rig.run.statistics()
    #expect(rig.run.statistics() == after)
  }

  @Test func epochsThatOverlapTakeNoMoreThanTheTimeThatGoesBy() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let begin = MonotonicClock.now
    // Of each epoch all has been read while its first sample is worked on: so two are at work nearly all the time.
    var elements = try Pipeline(from: 0..<2)
      .map("work") { (number: Int) in
        usleep(1_000)
        return number
      }
      .run(threads: 2, epochs: 50)
    for _ in 0..<50 { while try elements.next() != nil {} }
    #expect(elements.stop(timeout: .seconds(100)).isEmpty)
    let seconds = Double(MonotonicClock.now - begin) / 1e9
    let statistics = elements.statistics()
    expectSharesOfOne(statistics)
    for stage in statistics {
      #expect(stage.elapsedSeconds <= seconds)
      #expect(stage.output.elapsedSeconds <= seconds)
    }
    #expect(statistics[1].meanActiveCount >= 0.1 / seconds)
  }

  @Test(arguments: [PartialBatch.drop, .pad, .emit]) func samplesOfABatchThatIsDroppedAreCounted(
    partial: PartialBatch
  ) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<11).batch(4, partial: partial))
    for epochs in 1...2 {
      #expect(rig.epoch(epochs) == .completed)
      #expect(rig.run.statistics().map(\.filteredCount) == [0, partial == .drop ? 3 * epochs : 0])
    }
  }

  @Test(arguments: [PartialGroup.drop, .emit]) func samplesOfGroupsThatAreDroppedAreCounted(
    partial: PartialGroup
  ) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    var elements = try Pipeline(from: 0..<23)
      .batch(max: 4, partial: partial) { $0 % 3 }
      .unbatch()
      .bucketByLength(boundaries: [10], batchSizes: [4, 3], partial: partial) { $0 }
      .run(threads: 2, epochs: 2)
    var count = 0
    for _ in 0..<2 { while let bucket = try elements.next() { count += bucket.count } }
    #expect(elements.stop(timeout: .seconds(100)).isEmpty)
    let lost = elements.statistics().map(\.filteredCount).reduce(0, +)
    #expect(count + lost == 2 * 23)
    #expect((lost > 0) == (partial == .drop))
  }

  @Test func noCountStepsBackWhileStagesBeginAgain() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<3).map { $0 }.repeat(5_000).batch(100))
    let epoch = rig.start()
    let isOver = Atomic<Bool>(false)
    try Threads.run(2) { number in
      if number == 0 {
        #expect(epoch.outcome() == .completed)
        return isOver.store(true, ordering: .relaxed)
      }
      var before = rig.run.statistics()
      while !isOver.load(ordering: .relaxed) {
        let now = rig.run.statistics()
        for (now, before) in zip(now, before) {
          #expect(now.output.itemCount >= before.output.itemCount)
          #expect(now.output.queueSeconds >= before.output.queueSeconds)
          #expect(now.output.occupiedSeconds >= before.output.occupiedSeconds)
          #expect(now.elapsedSeconds >= before.elapsedSeconds)
        }
        before = now
      }
    }
    #expect(rig.run.statistics().map(\.output.itemCount) == [15_000, 15_000, 15_000, 0])
  }
}
