import Dispatch
import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct OrderingTests {
  /// Keeps a processor busy for at least so long.
  private static func work(microseconds: UInt64) {
    let end = DispatchTime.now().uptimeNanoseconds + microseconds * 1_000
    while DispatchTime.now().uptimeNanoseconds < end {}
  }

  @Test(arguments: [1, 2, 3, 8], [1, 2, 8])
  func inputOrderGivesTheSameBatchesAtAnyConcurrencyAndNumberOfThreads(concurrency: Int, threads: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline(from: 0..<500)
        .map("double", concurrency: .fixed(concurrency)) { number in
          if number % 17 == 0 { Self.work(microseconds: 80) }
          return number * 2
        }
        .filter(concurrency: .fixed(concurrency)) { $0 % 3 != 0 }
        .map("half", concurrency: .fixed(concurrency), onFailure: .skip(upTo: 100)) { number in
          if number % 50 == 10 { throw Mishap() }
          return number / 2
        }
        .batch(7, concurrency: concurrency, onFailure: .skip(upTo: 100)),
      threads: threads)
    let expected = (0..<500).filter { $0 % 3 != 0 && ($0 * 2) % 50 != 10 }
    for epoch in 0..<3 {
      #expect(rig.epoch(epoch) == .completed)
      #expect(rig.values == expected.map(Int64.init))
      #expect(rig.positions.flatMap(\.self) == expected.map(UInt64.init))
      #expect(rig.batches.dropLast().allSatisfy { $0.count == 7 })
      #expect(rig.sink.delivered.allSatisfy { $0.epoch == epoch })
      rig.sink.clear()
    }
  }

  @Test(arguments: [1, 2, 3, 8], [1, 2, 8])
  func completionOrderDeliversEverySampleOnce(concurrency: Int, threads: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline(from: 0..<500)
        .map("double", concurrency: .fixed(concurrency), ordering: .completion) { $0 * 2 }
        .filter(concurrency: .fixed(concurrency), ordering: .completion) { $0 % 3 != 0 }
        .batch(7, concurrency: concurrency, ordering: .completion, onFailure: .skip(upTo: 100)),
      threads: threads)
    #expect(rig.epoch() == .completed)
    let expected = (0..<500).map { $0 * 2 }.filter { $0 % 3 != 0 }
    #expect(rig.values.sorted() == expected.map(Int64.init))
    #expect(rig.values == rig.positions.flatMap(\.self).map { Int64($0) * 2 })
    #expect(rig.batches.dropLast().allSatisfy { $0.count == 7 })
  }

  @Test func inCompletionOrderASlowSampleHoldsUpNoOther() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let rig = try Rig(
      Pipeline(from: 0..<100)
        .map("slow", concurrency: 2, ordering: .completion) { number in
          if number == 0 { gate.pass() }
          return number
        }
        .batch(1, ordering: .completion))
    let epoch = rig.start()
    rig.sink.publications.wait(for: 99)
    #expect(rig.values.sorted() == Array(1..<100))
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values.last == 0)
  }

  @Test func inCompletionOrderASlowRowHoldsUpNoOtherBatch() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let rig = try Rig(
      Pipeline(from: 0..<100).batch(numbers(2), concurrency: 2, ordering: .completion) { number, row in
        if number == 0 { gate.pass() }
        try row.write(Int64(number), to: "x")
      })
    let epoch = rig.start()
    rig.sink.publications.wait(for: 49)
    #expect(!rig.values.contains(0))
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values.sorted() == Array(0..<100))
  }

  @Test func inInputOrderASlowSampleHoldsUpNoneBeforeIt() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let rig = try Rig(
      Pipeline(from: 0..<20)
        .map("slow", concurrency: 2) { number in
          // Samples that take as long as this are worked on one by one.
          Self.work(microseconds: 60)
          if number == 10 { gate.pass() }
          return number
        }
        .batch(1))
    let epoch = rig.start()
    rig.sink.publications.wait(for: 10)
    #expect(rig.values == Array(0..<10))
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values == Array(0..<20))
  }

  @Test func inInputOrderWorkGoesOnBehindASlowSampleUntilTheRoomIsFull() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let started = Tally()
    let rig = try Rig(
      Pipeline(from: 0..<50)
        .map("slow", concurrency: 2) { number in
          started.add()
          if number == 0 { gate.pass() }
          return number
        }
        .prefetch(6)
        .batch(1))
    let epoch = rig.start()
    // Six may wait, beside the two that the stage may work on.
    started.wait(for: 8)
    #expect(rig.sink.publications.count == 0)
    #expect(started.count == 8)
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values == Array(0..<50))
  }
}
