import Dispatch
import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

@Suite struct StopTests {
  @Test func aStopInTheMiddleComesToRestAndLetsGoOfEverySample() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let made = Tally()
    let ended = Tally()
    let reached = Tally()
    let rig = try Rig(
      Pipeline(from: 0..<1_000_000)
        .map("make", concurrency: 2) { number in
          made.add()
          return Tracked(number, ended: ended)
        }
        .map("pass", concurrency: 2) { $0 }
        .batch(numbers(4), concurrency: 2) { sample, row in
          reached.add()
          try row.write(Int64(sample.value), to: "x")
        },
      threads: 3)
    for round in 0..<50 {
      let before = reached.count
      let epoch = rig.start(epoch: round)
      reached.wait(for: before + round * 3)
      rig.run.stop()
      rig.run.stop()
      #expect(epoch.outcome() == .stopped)
      #expect(epoch.ended.count == 1)
      #expect(epoch.rested.count == 1)
      ended.wait(for: made.count)
      rig.sink.clear()
    }
  }

  @Test func whenARunIsAtRestEveryBufferHasBeenPublishedOrGivenUp() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let reached = Tally()
    let rig = try Rig(
      Pipeline(from: 0..<1_000_000).batch(numbers(64), concurrency: 4) { number, row in
        reached.add()
        try row.write(Int64(number), to: "x")
      },
      threads: 4)
    for round in 0..<200 {
      let before = reached.count
      let epoch = rig.start(epoch: round)
      reached.wait(for: before + 10)
      rig.run.stop()
      #expect(epoch.outcome() == .stopped)
      #expect(epoch.unpublishedAtRest == 0)
      rig.sink.clear()
    }
  }

  @Test func aSequenceWithoutAnEndStopsWhenNobodyWantsMoreOfIt() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let made = Tally()
    let isOver = Tally()
    let endless = Pipeline("a", from: 0..<3).flatMap("endless", concurrency: 2) { _ in
      (0..<Int.max).lazy.map { number in
        made.add()
        return number
      }
    }.take(10)
    let slow = Pipeline("b", from: 0..<1).map("slow") { number in
      isOver.wait(for: 1)
      return number
    }
    var elements = try endless.merge(with: slow).run(threads: 3, epochs: 1)
    for _ in 0..<10 { #expect(try elements.next() != nil) }
    // What was made ahead when the tenth left, and no more: each sequence makes 16 at a time.
    #expect(throws: HeadraceError.self) { _ = try elements.next(timeout: .milliseconds(1)) }
    isOver.add()
    #expect(try elements.next() == 0)
    #expect(try elements.next() == nil)
    #expect(made.count <= 100)
    let isFurther = elements.hasFurtherEpoch
    #expect(!isFurther)
  }

  @Test func afterAStopThereIsNoFurtherEpoch() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    var elements = try Pipeline(from: 0..<100).run(threads: 2)
    let before = elements.hasFurtherEpoch
    #expect(before)
    #expect(try elements.next() == 0)
    #expect(elements.stop(timeout: .seconds(30)).isEmpty)
    let after = elements.hasFurtherEpoch
    #expect(!after)
  }

  @Test func nothingNewStartsAfterAStop() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    for inBatch in [false, true] {
      let gate = Gate()
      let arrived = Tally()
      let late = Tally()
      let isStopped = Atomic<Bool>(false)
      @Sendable func visit(_ number: Int, _ here: Bool) {
        guard here else { return }
        if isStopped.load(ordering: .acquiring) { late.add() }
        // By now the stage takes many samples at a time.
        if number == 5_000 {
          arrived.add()
          gate.pass()
        }
      }
      let rig = try Rig(
        Pipeline(from: 0..<1_000_000)
          .map { number in
            visit(number, !inBatch)
            return number
          }
          .batch(numbers(64)) { number, row in
            visit(number, inBatch)
            try row.write(Int64(number), to: "x")
          })
      let epoch = rig.start()
      arrived.wait(for: 1)
      rig.run.stop()
      epoch.ended.wait(for: 1)
      isStopped.store(true, ordering: .releasing)
      gate.open()
      #expect(epoch.outcome() == .stopped)
      #expect(late.count == 0)
    }
  }

  @Test func aRunThatWaitsForASlowSampleStopsWhenThatHasEnded() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let arrived = Tally()
    let rig = try Rig(
      Pipeline(from: 0..<100)
        .map("slow", concurrency: 2) { number in
          arrived.add()
          gate.pass()
          return number
        }
        .batch(1))
    let epoch = rig.start()
    arrived.wait(for: 2)
    rig.run.stop()
    epoch.ended.wait(for: 1)
    #expect(epoch.rested.count == 0)
    gate.open()
    #expect(epoch.outcome() == .stopped)
    #expect(rig.values.isEmpty)
  }

  @Test func aRunThatWaitsForASinkCanBeStopped() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<100).map { $0 }.batch(1), buffers: 1, returning: .byTest)
    let epoch = rig.start()
    rig.sink.publications.wait(for: 1)
    rig.run.stop()
    #expect(epoch.outcome() == .stopped)
    #expect(rig.values == [0])
    // And goes on with the next.
    rig.sink.clear()
    rig.sink.giveBack()
    let next = rig.start(epoch: 1)
    for batch in 2...101 {
      rig.sink.publications.wait(for: batch)
      rig.sink.giveBack()
    }
    #expect(next.outcome() == .completed)
    #expect(rig.values == Array(0..<100))
  }

  @Test func aStopRightAfterTheStartComesToRest() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<100).map(concurrency: 3) { $0 }.batch(7, concurrency: 2), threads: 4)
    for number in 0..<500 {
      let epoch = rig.start(epoch: number)
      rig.run.stop()
      let outcome = epoch.outcome()
      #expect(outcome == .stopped || outcome == .completed)
    }
  }

  @Test func hundredsOfEpochsOfOneRunAreAllWhole() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline(from: 0..<50).map(concurrency: 3) { $0 }.filter(concurrency: 2) { $0 % 2 == 0 }.batch(4, concurrency: 2),
      threads: 4)
    let expected = stride(from: Int64(0), to: 50, by: 2).map { $0 }
    for number in 0..<500 {
      #expect(rig.epoch(number) == .completed)
      #expect(rig.values == expected)
      rig.sink.clear()
    }
    #expect(rig.run.statistics().map(\.taskCount) == [25_000, 25_000, 25_000, 12_500])
  }

  @Test func aStopWhileNothingRunsDoesNothing() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<10).batch(4))
    rig.run.stop()
    #expect(rig.epoch() == .completed)
    rig.run.stop()
    rig.run.sinkHasSpace()
    #expect(rig.epoch(1) == .completed)
  }

  @Test func anyThreadMayStopAndSignalAtAnyTime() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<100).map(concurrency: 2) { $0 }.batch(7, concurrency: 2), threads: 2)
    let isOver = Atomic<Bool>(false)
    let done = Tally()
    for (index, label) in ["space", "stop"].enumerated() {
      DispatchQueue(label: label).async {
        while !isOver.load(ordering: .relaxed) {
          if index == 0 { rig.run.sinkHasSpace() } else { rig.run.stop() }
          _ = rig.run.statistics()
        }
        done.add()
      }
    }
    for number in 0..<1_000 {
      let outcome = rig.epoch(number)
      #expect(outcome == .stopped || outcome == .completed)
    }
    isOver.store(true, ordering: .relaxed)
    done.wait(for: 2)
  }
}
