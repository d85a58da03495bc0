import Dispatch
import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

/// A quick stage works on chunks of many samples; one sample that hangs after many quick ones must not keep the others
/// of its chunk.
@Suite struct ReliefTests {
  /// A stage of a pipeline, to hang in.
  enum Place: CaseIterable {
    case source, map, filter, batch
  }

  /// Numbers that come quickly until one does not come.
  private struct Numbers: Source {
    let count: Int
    let hang: @Sendable (Int) -> Void
    var name: String { "numbers" }

    struct Reader: SourceReader {
      let source: Numbers
      var number = 0

      mutating func next() -> Int? {
        guard number < source.count else { return nil }
        defer { number += 1 }
        source.hang(number)
        return number
      }
    }

    func makeReader(epoch: Int) -> Reader { Reader(source: self) }
  }

  private static let count = 1_500

  private func rig(
    hangingAt hanging: Set<Int>, in place: Place, ordering: Ordering, concurrency: Int, gate: Gate
  ) throws -> Rig {
    @Sendable func hang(_ number: Int, _ here: Place) {
      if here == place && hanging.contains(number) { gate.pass() }
    }
    return try Rig(
      Pipeline(from: Numbers(count: Self.count) { hang($0, .source) })
        .map("map", concurrency: .fixed(concurrency), ordering: ordering) { number in
          hang(number, .map)
          return number
        }
        .filter(concurrency: .fixed(concurrency), ordering: ordering) { number in
          hang(number, .filter)
          return true
        }
        .batch(numbers(1), concurrency: .fixed(concurrency), ordering: ordering) { number, row in
          hang(number, .batch)
          try row.write(Int64(number), to: "x")
        },
      threads: 4, buffers: 2_000)
  }

  @Test(arguments: [Place.map, .filter, .batch], [1_000, 1_001, 1_031, 1_063, 1_064, 1_499])
  func aSampleThatHangsHoldsBackNoOtherInCompletionOrder(place: Place, hanging: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let rig = try rig(hangingAt: [hanging], in: place, ordering: .completion, concurrency: 2, gate: gate)
    let epoch = rig.start()
    rig.sink.publications.wait(for: Self.count - 1)
    #expect(Set(rig.values) == Set((0..<Int64(Self.count)).filter { $0 != hanging }))
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values.count == Self.count && rig.values.last == Int64(hanging))
  }

  @Test(arguments: Place.allCases, [1_000, 1_001, 1_031, 1_063, 1_064, 1_499])
  func aSampleThatHangsHoldsBackNoneBeforeItInInputOrder(place: Place, hanging: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let rig = try rig(hangingAt: [hanging], in: place, ordering: .input, concurrency: 2, gate: gate)
    let epoch = rig.start()
    rig.sink.publications.wait(for: hanging)
    #expect(rig.values == Array(0..<Int64(hanging)))
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values == Array(0..<Int64(Self.count)))
  }

  @Test(arguments: [Ordering.input, .completion])
  func aSourceThatHangsHoldsBackNothingThatItHasRead(ordering: Ordering) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let rig = try rig(hangingAt: [1_033], in: .source, ordering: ordering, concurrency: 2, gate: gate)
    let epoch = rig.start()
    rig.sink.publications.wait(for: 1_033)
    #expect(rig.values.sorted() == Array(0..<1_033))
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values.sorted() == Array(0..<Int64(Self.count)))
  }

  @Test(arguments: [Place.map, .filter, .batch])
  func withoutAnotherThreadToGoOnWhatIsDoneIsHandedOnAllTheSame(place: Place) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let rig = try rig(hangingAt: [1_040], in: place, ordering: .completion, concurrency: 1, gate: gate)
    let epoch = rig.start()
    rig.sink.publications.wait(for: 1_040)
    #expect(rig.values == Array(0..<1_040))
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values == Array(0..<Int64(Self.count)))
  }

  @Test func everyOtherSampleThatHangsIsPassedByAsLongAsAThreadIsFree() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let hanging: Set = [1_000, 1_002, 1_004]
    let rig = try rig(hangingAt: hanging, in: .map, ordering: .completion, concurrency: 4, gate: gate)
    let epoch = rig.start()
    rig.sink.publications.wait(for: Self.count - hanging.count)
    #expect(Set(rig.values).isDisjoint(with: hanging.map(Int64.init)))
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values.sorted() == Array(0..<Int64(Self.count)))
  }

  /// If the one that hangs is the last of a chunk, and all others of it are left out, nothing is handed on, and nothing
  /// is left to be begun, but there is room again. Which is the last depends on the chunks' size: so many in a row.
  @Test(arguments: 1_000..<1_016)
  func oneThatHangsAfterOthersThatAreLeftOutHoldsBackNoOther(hanging: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let kept = hanging + 100
    let rig = try Rig(
      Pipeline(from: 0..<Self.count)
        .filter(concurrency: 2, ordering: .completion) { number in
          if number == hanging { gate.pass() }
          return number >= kept
        }
        .prefetch(6)
        .batch(1),
      threads: 4, buffers: 2_000)
    let epoch = rig.start()
    rig.sink.publications.wait(for: Self.count - kept)
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values.sorted() == Array(Int64(kept)..<Int64(Self.count)))
  }

  @Test(arguments: 1_000..<1_016)
  func oneThatHangsAfterOthersThatFailHoldsBackNoOther(hanging: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let kept = hanging + 100
    // One buffer of four rows: those that failed are needed again.
    let rig = try Rig(
      Pipeline(from: 0..<Self.count)
        .batch(numbers(4), concurrency: 2, ordering: .completion, onFailure: .skip(upTo: kept)) { number, row in
          if number == hanging { gate.pass() }
          if number < kept { throw Mishap() }
          try row.write(Int64(number), to: "x")
        },
      threads: 4, buffers: 2)
    let epoch = rig.start()
    rig.sink.publications.wait(for: (Self.count - kept) / 4 - 1)
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values.sorted() == Array(Int64(kept)..<Int64(Self.count)))
  }

  @Test func aStopWhileASampleHangsEndsWithThatSample() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let rig = try rig(hangingAt: [1_000], in: .map, ordering: .completion, concurrency: 2, gate: gate)
    let epoch = rig.start()
    rig.sink.publications.wait(for: Self.count - 1)
    rig.run.stop()
    gate.open()
    #expect(epoch.outcome() == .stopped)
  }

  @Test func aRunComesToRestOnlyWhenNobodyRelievesIt() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let reached = Tally()
    let rig = try Rig(
      Pipeline(from: 0..<1_000_000).batch(numbers(64), concurrency: 4) { number, row in
        reached.add()
        try row.write(Int64(number), to: "x")
      },
      threads: 4)
    let isOver = Atomic<Bool>(false)
    let relieved = Tally()
    DispatchQueue(label: "reliever").async {
      while !isOver.load(ordering: .relaxed) { _ = rig.run.relieve() }
      relieved.add()
    }
    for round in 0..<1_000 {
      let before = reached.count
      let epoch = rig.start(epoch: round)
      reached.wait(for: before + 1)
      rig.run.stop()
      #expect(epoch.outcome() == .stopped)
      #expect(epoch.rested.count == 1)
      #expect(epoch.unpublishedAtRest == 0)
      rig.sink.clear()
    }
    isOver.store(true, ordering: .relaxed)
    relieved.wait(for: 1)
  }

  @Test func aFailureInAChunkThatWasSplitIsCountedOnceAndInOrder() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let failing: Set = [1_001, 1_005, 1_039, 1_040, 1_041]
    let rig = try Rig(
      Pipeline(from: 0..<Self.count)
        .map("map", concurrency: 2, onFailure: .skip(upTo: failing.count)) { number in
          if number == 1_040 { gate.pass() }
          if failing.contains(number) { throw Mishap() }
          return number
        }
        .batch(1),
      threads: 4, buffers: 2_000)
    let epoch = rig.start()
    rig.sink.publications.wait(for: 1_040 - 3)
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values == (0..<Int64(Self.count)).filter { !failing.contains(Int($0)) })
    #expect(rig.observer.skipped.map(\.position) == failing.sorted())
    #expect(rig.run.statistics()[1].failureCount == failing.count)
    #expect(rig.run.statistics()[1].taskCount == Self.count)
  }
}
