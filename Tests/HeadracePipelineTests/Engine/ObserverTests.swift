import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct ObserverTests {
  private func expectNoLaneIsAnywhere(_ rig: Rig) {
    #expect(rig.observer.seen.stageOfLane.isEmpty)
  }

  @Test(arguments: [1, 2, 8]) func everyLaneThatBeginsEndsBeforeTheRunIsAtRest(threads: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline("read", from: 0..<5_000)
        .map("one", concurrency: 1) { $0 }
        .map("two", concurrency: 2) { $0 }
        .map("three", concurrency: 3) { $0 }
        .batch(4, concurrency: 4),
      threads: threads)
    for number in 0..<20 {
      let epoch = rig.start(epoch: number)
      if number % 2 == 1 {
        rig.sink.publications.wait(for: rig.sink.publications.count + 1)
        rig.run.stop()
      }
      _ = epoch.outcome()
      expectNoLaneIsAnywhere(rig)
    }
    let seen = rig.observer.seen
    #expect(seen.names == [0: "read", 1: "one", 2: "two", 3: "three", 4: "batch"])
    for (stage, concurrency) in [1, 1, 2, 3, 4].enumerated() {
      #expect((1...min(concurrency, threads)).contains(seen.peak[stage] ?? 0))
    }
  }

  @Test func lanesEndAfterAFailureToo() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline(from: 0..<1_000)
        .map("work", concurrency: 3) { (number: Int) in if number == 500 { throw Mishap() } else { number } }
        .batch(4, concurrency: 2),
      threads: 4)
    for number in 0..<20 {
      #expect(rig.epoch(number).error != nil)
      expectNoLaneIsAnywhere(rig)
    }
  }

  @Test func aSampleThatHasANameIsToldByIt() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let arrived = Tally()
    let rig = try Rig(
      Pipeline(from: [Named(number: 7)])
        .map("stuck") { sample in
          arrived.add()
          gate.pass()
          return sample.number
        }
        .batch(1))
    let epoch = rig.start()
    arrived.wait(for: 1)
    #expect(rig.observer.seen.samples == [SampleID(key: "n7")])
    #expect(rig.observer.seen.stageOfLane.values.contains(1))
    gate.open()
    #expect(epoch.outcome() == .completed)
  }

  @Test(arguments: [1, 2, 3]) func aStageNeverRunsMoreClosuresThanItsConcurrency(concurrency: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let mapping = Crowd()
    let writing = Crowd()
    let rig = try Rig(
      Pipeline(from: 0..<5_000)
        .map(concurrency: .fixed(concurrency), ordering: .completion) { number in
          mapping.enter()
          defer { mapping.leave() }
          return number
        }
        .batch(numbers(4), concurrency: .fixed(concurrency)) { number, row in
          writing.enter()
          defer { writing.leave() }
          try row.write(Int64(number), to: "x")
        },
      threads: 8)
    #expect(rig.epoch() == .completed)
    #expect(mapping.peak <= concurrency)
    #expect(writing.peak <= concurrency)
  }

  @Test func asManyClosuresRunAtOnceAsConcurrencyAndThreadsAllow() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let inside = Tally()
    let rig = try Rig(
      Pipeline(from: 0..<8)
        .map(concurrency: 4) { number in
          // The first four wait for one another.
          inside.add()
          inside.wait(for: 4)
          return number
        }
        .batch(8),
      threads: 4)
    #expect(rig.epoch() == .completed)
    #expect(rig.values == Array(0..<8))
  }
}
