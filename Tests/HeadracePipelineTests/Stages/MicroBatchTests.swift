import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

@Suite struct MicroBatchTests {
  @Test(arguments: [1, 3, 20, 100], [1, 4])
  func resultsComeInThePlacesOfTheirSamples(_ maximum: Int, _ threads: Int) throws {
    let calls = Mutex<[Int]>([])
    let pipeline = Pipeline(from: 0..<20).microBatch(max: maximum, concurrency: 3) { numbers in
      calls.withLock { $0.append(numbers.count) }
      return numbers.map { "\($0)" }
    }
    let expected = (0..<20).map { "\($0)" }
    #expect(try pipeline.collected(threads: threads, epochs: 2) == [expected, expected])
    #expect(calls.withLock { $0.reduce(0, +) } == 40)
    #expect(calls.withLock { $0.allSatisfy { $0 <= maximum } })
  }

  @Test func anAsyncHandlerGivesTheResultsInOrder() throws {
    let pipeline = Pipeline(from: 0..<20).microBatch(max: 3, concurrency: 4) { numbers in
      await Task.yield()
      return numbers.map { 2 * $0 }
    }
    #expect(try pipeline.collected(epochs: 2) == Array(repeating: (0..<20).map { 2 * $0 }, count: 2))
  }

  @Test func aCallThatFailsFailsItsSamples() throws {
    let pipeline = Pipeline(from: 0..<10).microBatch("model", max: 3, onFailure: .skip(upTo: 3)) { numbers in
      if numbers.contains(4) { throw Mishap() }
      return numbers
    }
    let outcome = try pipeline.outcome()
    #expect(outcome.elements == [0, 1, 2, 6, 7, 8, 9])
    #expect(outcome.failed == [3, 4, 5])
  }

  @Test func oneResultTooFewIsAnError() throws {
    let outcome = try Pipeline(from: 0..<6).microBatch("model", max: 3) { Array($0.dropFirst($0.contains(4) ? 1 : 0)) }
      .outcome()
    #expect(outcome.elements == [0, 1, 2])
    #expect(outcome.error?.code == .stageFailed)
    #expect(outcome.error?.stage == "model")
    #expect(
      outcome.error?.message
        == "The closure returned 2 results for 3 samples; it must return one for each, in their order.")
  }

  @Test func aCallIsTriedAgain() throws {
    let calls = Tally()
    let pipeline = Pipeline(from: 0..<4).microBatch(max: 2, onFailure: .retry(times: 1, backoff: .milliseconds(1))) {
      if calls.add() == 1 { throw Mishap() }
      return $0
    }
    #expect(try pipeline.collected() == [[0, 1, 2, 3]])
    #expect(calls.count == 3)
  }

  @Test func whatFailsBehindItBearsTheNameOfItsOwnSample() throws {
    let outcome = try Pipeline(from: (0..<9).map(Named.init)).microBatch(max: 4) { $0.map(\.number) }
      .map("check", onFailure: .raise) { if $0 == 6 { throw Mishap() } else { $0 } }.outcome()
    #expect(outcome.elements == [0, 1, 2, 3, 4, 5])
    #expect(outcome.error?.sample == SampleID(key: "n6"))
  }

  @Test func mistakesAreFoundBeforeTheStart() {
    #expect(
      Pipeline(from: 0..<3).microBatch("model", max: 0) { $0 }.mistake
        == "A group of 0 samples is not possible; it must have 1 or more. [stage: model.group]")
  }
}
