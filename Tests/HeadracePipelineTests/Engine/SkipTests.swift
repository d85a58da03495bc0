import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct SkipTests {
  private static let failing = [3, 4, 17, 40, 41, 42, 99]

  private func pipeline(inBatch: Bool, tolerated: Int, concurrency: Int, ordering: Ordering = .input) -> BatchPipeline {
    @Sendable func check(_ number: Int, _ here: Bool) throws {
      if here, Self.failing.contains(number) { throw Mishap() }
    }
    return Pipeline(from: 0..<100)
      .map("work", concurrency: .fixed(concurrency), ordering: ordering, onFailure: .skip(upTo: tolerated)) { number in
        try check(number, !inBatch)
        return number
      }
      .batch(
        "gather", numbers(8), concurrency: .fixed(concurrency), ordering: ordering, onFailure: .skip(upTo: tolerated)
      ) { number, row in
        try check(number, inBatch)
        try row.write(Int64(number), to: "x")
      }
  }

  @Test(arguments: [false, true], [1, 2, 3, 8])
  func asManyFailuresAsAreAllowedAreLeftOutAndNamedInOrder(inBatch: Bool, concurrency: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(pipeline(inBatch: inBatch, tolerated: 7, concurrency: concurrency), threads: 4)
    #expect(rig.epoch(5) == .completed)
    #expect(rig.values == (0..<100).filter { !Self.failing.contains($0) }.map(Int64.init))
    #expect(rig.observer.skipped.map(\.position) == Self.failing)
    for skipped in rig.observer.skipped {
      #expect(skipped.epoch == 5)
      #expect(skipped.error.stage == (inBatch ? "gather" : "work"))
      #expect(skipped.error.sample == SampleID(key: "sample \(skipped.position)"))
      #expect(skipped.error.cause == "it went wrong")
    }
    let statistics = rig.run.statistics()
    #expect(statistics.map(\.failureCount) == (inBatch ? [0, 0, 7] : [0, 7, 0]))
  }

  @Test(arguments: [false, true], [1, 2, 3, 8])
  func aFailureOneTooManyEndsTheEpochAtTheSameSampleAtAnyConcurrency(inBatch: Bool, concurrency: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(pipeline(inBatch: inBatch, tolerated: 5, concurrency: concurrency), threads: 4)
    for epoch in 0..<5 {
      let error = rig.epoch(epoch).error
      #expect(error?.code == .tooManyFailures)
      #expect(error?.sample == SampleID(key: "sample 42"))
      #expect(error?.stage == (inBatch ? "gather" : "work"))
      #expect(error?.message.hasPrefix("6 samples failed, 5 may; raise skip(upTo:), or mend the data.") == true)
      // 37 survivors come before it, which is four batches of 8.
      #expect(rig.values == (0..<42).filter { !Self.failing.contains($0) }.prefix(32).map(Int64.init))
      let before = rig.observer.skipped.filter { $0.epoch == epoch }.map(\.position)
      #expect(before == [3, 4, 17, 40, 41])
      rig.sink.clear()
    }
  }

  @Test(arguments: [false, true])
  func inCompletionOrderAsManyAreLeftOut(inBatch: Bool) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    for tolerated in [6, 7] {
      let rig = try Rig(
        pipeline(inBatch: inBatch, tolerated: tolerated, concurrency: 4, ordering: .completion), threads: 4)
      let outcome = rig.epoch()
      #expect(rig.observer.skipped.count == tolerated)
      if tolerated == 7 {
        #expect(outcome == .completed)
        #expect(rig.values.sorted() == (0..<100).filter { !Self.failing.contains($0) }.map(Int64.init))
      } else {
        #expect(outcome.error?.code == .tooManyFailures)
      }
    }
  }

  @Test func eachStageAndEachEpochHasABudgetOfItsOwn() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline(from: 0..<30)
        .map("a", onFailure: .skip(upTo: 3)) { (number: Int) in if number < 3 { throw Mishap() } else { number } }
        .map("b", onFailure: .skip(upTo: 3)) { (number: Int) in if number < 6 { throw Mishap() } else { number } }
        .batch(numbers(4), onFailure: .skip(upTo: 3)) { number, row in
          if number < 9 { throw Mishap() }
          try row.write(Int64(number), to: "x")
        })
    for epoch in 0..<3 {
      #expect(rig.epoch(epoch) == .completed)
      #expect(rig.values == Array(9..<30))
      rig.sink.clear()
    }
    #expect(rig.run.statistics().map(\.failureCount) == [0, 9, 9, 9])
  }

  @Test func everySkippedSampleIsNamedInOrderWhateverTheNextStagesConcurrency() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline(from: 0..<20_000)
        .map("a", onFailure: .skip(upTo: 20_000)) { (number: Int) in
          if number % 2 == 0 { throw Mishap() } else { number }
        }
        .map("b", concurrency: 8, onFailure: .skip(upTo: 20_000)) { (number: Int) in
          if number % 4 == 1 { throw Mishap() } else { number }
        }
        .batch(64, concurrency: 8),
      threads: 8)
    #expect(rig.epoch() == .completed)
    for (stage, expected) in [("a", stride(from: 0, to: 20_000, by: 2)), ("b", stride(from: 1, to: 20_000, by: 4))] {
      let positions = rig.observer.skipped.filter { $0.error.stage == stage }.map(\.position)
      #expect(positions.count == expected.underestimatedCount)
      let firstWrong = zip(positions, expected).first { $0 != $1 }
      #expect(firstWrong == nil, "of stage \(stage)")
    }
  }
}
