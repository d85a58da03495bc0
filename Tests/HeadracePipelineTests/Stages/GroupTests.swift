import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct GroupTests {
  /// Numbers from 0. Before the last one it waits until a gate is opened.
  private struct HesitantSource: Source {
    let name = "hesitant"
    let count: Int
    let gate: Gate

    func makeReader(epoch: Int) -> Reader { Reader(source: self) }

    struct Reader: SourceReader {
      let source: HesitantSource
      var position = 0

      mutating func next() -> Int? {
        guard position < source.count else { return nil }
        if position == source.count - 1 { source.gate.pass() }
        defer { position += 1 }
        return position
      }
    }
  }

  private func arrays(_ count: Int, of size: Int) -> [[Int]] {
    stride(from: 0, to: count, by: size).map { Array($0..<min($0 + size, count)) }
  }

  @Test(arguments: [1, 3, 4, 12, 13], [1, 4])
  func arraysHoldTheSamplesInOrder(_ size: Int, _ threads: Int) throws {
    let pipeline = Pipeline(from: 0..<12).map(concurrency: 3) { $0 }
    let expected = arrays(12, of: size)
    #expect(try pipeline.batch(size).collected(threads: threads, epochs: 2) == [expected, expected])
    #expect(
      try pipeline.batch(size, partial: .drop).collected(threads: threads) == [expected.filter { $0.count == size }])
  }

  @Test func aKeyThatIsNotEqualToItselfIsAFailureOfItsSample() throws {
    for maximum in [1, 2] {
      let pipeline = Pipeline(from: [1.0, .nan, 1, .nan, 2])
        .batch(max: maximum, openGroups: 1, onFailure: .skip(upTo: 2)) { $0 }
      #expect(try pipeline.collected() == [maximum == 1 ? [[1], [1], [2]] : [[1, 1], [2]]])
    }
    var elements = try Pipeline(from: [Double.nan]).batch(max: 2) { $0 }.run()
    let error = #expect(throws: HeadraceError.self) { _ = try elements.next() }
    #expect(error?.code == .stageFailed && error?.stage == "group" && error?.message.contains("nan") == true)
  }

  @Test func samplesThatFailedLeaveNoHole() throws {
    let pipeline = Pipeline(from: 0..<10)
      .map(onFailure: .skip(upTo: 9)) { if $0 % 3 == 1 { throw Mishap() } else { $0 } }.batch(2)
    #expect(try pipeline.collected() == [[[0, 2], [3, 5], [6, 8], [9]]])
  }

  @Test func samplesLeaveInTimeThoughNoneComes() throws {
    let gate = Gate()
    let pipeline = Pipeline(from: HesitantSource(count: 3, gate: gate)).batch(max: 10, within: .milliseconds(20))
    try Watchdog.guarding("an array that is due") {
      var run = try pipeline.run(threads: 2, epochs: 1)
      var elements: [Int] = []
      // One array, or two if the source was slower than the window.
      while elements.count < 2 { elements += try run.next() ?? [] }
      #expect(elements == [0, 1])
      gate.open()
      #expect(try run.next() == [2])
      #expect(try run.next() == nil)
    }
  }

  @Test func aWindowThatIsNeverOverChangesNothing() throws {
    let pipeline = Pipeline(from: 0..<12).batch(max: 5, within: .seconds(3600))
    #expect(try pipeline.collected(epochs: 2) == [arrays(12, of: 5), arrays(12, of: 5)])
  }

  @Test func samplesOfOneKeyComeTogether() throws {
    let pipeline = Pipeline(from: 0..<20).batch(max: 3) { $0 % 4 }
    let expected = [
      [0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11], [12, 16], [13, 17], [14, 18], [15, 19],
    ]
    #expect(try pipeline.collected(epochs: 2) == [expected, expected])
  }

  @Test func ofTooManyKeysTheOldestGroupLeaves() throws {
    let pipeline = Pipeline(from: ["a", "b", "a", "c", "b"]).batch(max: 3, openGroups: 2) { $0 }
    #expect(try pipeline.collected() == [[["a", "a"], ["b", "b"], ["c"]]])
  }

  @Test func aSampleWithoutAKeyFailsAlone() throws {
    let pipeline = Pipeline(from: 0..<7).batch(max: 2, name: "pairs", onFailure: .skip(upTo: 1)) { number in
      if number == 3 { throw Mishap() }
      return number % 2
    }
    let outcome = try pipeline.outcome()
    #expect(outcome.elements == [[0, 2], [1, 5], [4, 6]])
    #expect(outcome.failed == [3])
  }

  @Test func mistakesAreFoundBeforeTheStart() {
    let pipeline = Pipeline(from: 0..<3)
    #expect(
      pipeline.batch(0).mistake == "A group of 0 samples is not possible; it must have 1 or more. [stage: group]")
    #expect(
      pipeline.batch(max: 1, openGroups: 0) { $0 }.mistake
        == "0 open groups are not possible; there must be 1 or more. [stage: group]")
    for window in [Duration.zero, .seconds(-1), .seconds(3601), .seconds(Int64.max)] {
      #expect(
        pipeline.batch(max: 1, within: window, name: "some").mistake
          == "A group cannot be gathered within \(window); the time must be above 0 and at most 3600 seconds."
          + " [stage: some]")
    }
  }
}
