import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

/// Numbers from 0, with an error where one is asked for.
struct FaultySource: Source {
  var name: String { "faulty" }
  var length = 12
  /// Position at which reading throws.
  var failsAt: Int?
  var failsToOpen = false
  var error: any Error & Sendable = Mishap()

  func makeReader(epoch: Int) throws -> Reader {
    if failsToOpen { throw error }
    return Reader(source: self)
  }

  struct Reader: SourceReader {
    let source: FaultySource
    var position = 0

    mutating func next() throws -> Int? {
      if position == source.failsAt { throw source.error }
      guard position < source.length else { return nil }
      defer { position += 1 }
      return position
    }
  }
}

@Suite struct FailureTests {
  @Test(arguments: [0, 6, 11, 12], [1, 4])
  func aSourceThatThrowsEndsTheEpochAfterTheLastFullBatch(position: Int, concurrency: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline("read", from: FaultySource(failsAt: position))
        .map(concurrency: .fixed(concurrency)) { $0 }
        .batch(4, concurrency: concurrency))
    // Later epochs behave the same.
    for epoch in 0..<3 {
      let error = rig.epoch(epoch).error
      #expect(error?.code == .sourceFailed)
      #expect(error?.stage == "read")
      #expect(error?.cause == "it went wrong")
      #expect(error?.message == "The source (faulty) failed after \(position) samples of epoch \(epoch).")
      #expect(rig.values == Array(0..<Int64(position / 4 * 4)))
      rig.sink.clear()
    }
  }

  @Test func aSourceThatCannotBeOpenedIsAnError() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: FaultySource(failsToOpen: true)).map { $0 }.batch(4))
    for epoch in 0..<3 {
      let error = rig.epoch(epoch).error
      #expect(error?.code == .sourceFailed)
      #expect(error?.stage == "source")
      #expect(error?.message == "The source (faulty) failed after 0 samples of epoch \(epoch).")
    }
    #expect(rig.sink.delivered.isEmpty)
  }

  @Test func anErrorOfTheProjectsOwnFromASourceKeepsItsCodeAndGainsTheStage() throws {
    let error = HeadraceError(.malformedShard, "cut", sample: SampleID(key: "a"), cause: "end of file")
    let rig = try Rig(Pipeline("read", from: FaultySource(failsAt: 5, error: error)).batch(4))
    var expected = error
    expected.stage = "read"
    #expect(rig.epoch() == .failed(expected))
  }

  enum Place: CaseIterable {
    case map, filter, batch
  }

  /// A pipeline of twelve samples that throws at one of them.
  private func pipeline(
    _ place: Place, at position: Int, concurrency: Int, _ error: any Error & Sendable
  ) -> BatchPipeline {
    @Sendable func check(_ here: Place, _ number: Int) throws {
      if here == place && number == position { throw error }
    }
    return Pipeline(from: (0..<12).map(Named.init))
      .map("m", concurrency: .fixed(concurrency)) { sample in
        try check(.map, sample.number)
        return sample.number
      }
      .filter("f", concurrency: .fixed(concurrency)) { number in
        try check(.filter, number)
        return true
      }
      .batch("b", numbers(4), concurrency: .fixed(concurrency)) { number, row in
        try row.write(Int64(number), to: "x")
        try check(.batch, number)
      }
  }

  @Test(arguments: Place.allCases, [0, 5, 11])
  func aStageThatThrowsEndsTheEpochAfterTheLastGoodBatch(place: Place, position: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let stage = [.map: "m", .filter: "f", .batch: "b"][place]!
    for concurrency in [1, 4] {
      let rig = try Rig(pipeline(place, at: position, concurrency: concurrency, Mishap()))
      for epoch in 0..<3 {
        let error = rig.epoch(epoch).error
        #expect(
          error
            == HeadraceError(
              .stageFailed, "Stage \"\(stage)\" failed for sample \(position) of epoch \(epoch).", stage: stage,
              sample: SampleID(key: "n\(position)"), cause: "it went wrong"))
        #expect(rig.values == Array(0..<Int64(position / 4 * 4)))
        rig.sink.clear()
      }
    }
  }

  @Test(arguments: Place.allCases)
  func anErrorOfTheProjectsOwnKeepsItsCodeAndGainsStageAndSample(place: Place) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let bare = HeadraceError(.malformedImage, "cut", cause: "zlib")
    var expected = bare
    expected.stage = [.map: "m", .filter: "f", .batch: "b"][place]
    expected.sample = SampleID(key: "n5")
    #expect(try Rig(pipeline(place, at: 5, concurrency: 2, bare)).epoch() == .failed(expected))
    // What the error already knows is not replaced.
    let full = HeadraceError(.missingField, "cls", stage: "inner", sample: SampleID(key: "s", path: "p"), cause: "c")
    #expect(try Rig(pipeline(place, at: 5, concurrency: 2, full)).epoch() == .failed(full))
  }

  @Test func aSampleWithoutANameIsNamedByItsPosition() throws {
    let rig = try Rig(
      Pipeline(from: 0..<9)
        .filter { $0 > 3 }
        .map { (number: Int) -> Int in if number == 6 { throw Mishap() } else { number } }
        .batch(1))
    #expect(rig.epoch().error?.sample == SampleID(key: "sample 6"))
  }

  @Test(arguments: [1, 2, 8])
  func theEarliestSampleThatFailsDecidesWhateverTheStage(concurrency: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline(from: FaultySource(length: 200, failsAt: 150))
        .map("first", concurrency: .fixed(concurrency)) { number in
          if number == 90 { throw Mishap() }
          return number
        }
        .map("second", concurrency: .fixed(concurrency)) { number in
          if number == 60 { throw Mishap() }
          return number
        }
        .batch("b", numbers(4), concurrency: .fixed(concurrency)) { number, row in
          if number == 70 { throw Mishap() }
          try row.write(Int64(number), to: "x")
        },
      threads: 4)
    for epoch in 0..<20 {
      #expect(rig.epoch(epoch).error?.stage == "second")
      #expect(rig.values == Array(0..<60))
      rig.sink.clear()
    }
  }

  @Test func anEpochAfterAFailedOneIsWhole() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let calls = Atomic<Int>(0)
    let rig = try Rig(
      Pipeline(from: 0..<30)
        .map(concurrency: 3) { number in
          if calls.add(1, ordering: .relaxed).newValue == 10 { throw Mishap() }
          return number
        }
        .batch(4, concurrency: 2))
    #expect(rig.epoch(0).error?.code == .stageFailed)
    rig.sink.clear()
    #expect(rig.epoch(1) == .completed)
    #expect(rig.values == Array(0..<30))
  }
}
