import HeadracePipeline
import Synchronization
import Testing

@Suite struct AggregateTests {
  private struct Sentences: Aggregator {
    private var words: [String] = []

    mutating func accumulate(_ word: String) throws -> [String]? {
      if word.isEmpty { throw Mishap() }
      words.append(word)
      return word.hasSuffix(".") ? flush() : nil
    }

    mutating func flush() -> [String]? {
      defer { words = [] }
      return words.isEmpty ? nil : words
    }
  }

  /// Sums up all there is, and cannot tell.
  private struct Silent: Aggregator {
    mutating func accumulate(_ input: Int) -> Int? { input == 3 ? 3 : nil }
    mutating func flush() throws -> Int? { throw Mishap() }
  }

  private static let words = ["It", "rains.", "Go", "in", "now.", "Or"]

  @Test(arguments: [1, 4])
  func valuesAreMadeAsTheAggregatorDecidesInEachEpochAnew(_ threads: Int) throws {
    let pipeline = Pipeline(from: Self.words).map(concurrency: 3) { $0 }.aggregate { Sentences() }
    let expected = [["It", "rains."], ["Go", "in", "now."], ["Or"]]
    #expect(try pipeline.collected(threads: threads, epochs: 3) == [expected, expected, expected])
  }

  @Test func oneAggregatorIsMadeForEachEpoch() throws {
    let made = Tally()
    let pipeline = Pipeline(from: Self.words).aggregate {
      made.add()
      return Sentences()
    }
    _ = try pipeline.collected(epochs: 3)
    #expect(made.count == 3)
  }

  @Test func aSampleThatCannotBeTakenFailsAlone() throws {
    let words = ["It", "", "rains.", "", "Go"]
    let outcome = try Pipeline(from: words).aggregate("words", onFailure: .skip(upTo: 2)) { Sentences() }.outcome()
    #expect(outcome.elements == [["It", "rains."], ["Go"]])
    #expect(outcome.failed == [1, 3])
    let error = try Pipeline(from: words).aggregate("words") { Sentences() }.outcome().error
    #expect(error?.message == "Stage \"words\" failed for sample 1 of epoch 0.")
    #expect(error?.cause == "it went wrong")
  }

  @Test func anErrorAtTheEndIsAFailureOfTheStage() throws {
    let pipeline = Pipeline(from: 0..<6)
    let skipped = try pipeline.aggregate(onFailure: .skip(upTo: 1)) { Silent() }.outcome()
    #expect(skipped.elements == [3] && skipped.error == nil)
    #expect(skipped.failed == [4])
    let raised = try pipeline.aggregate { Silent() }.outcome()
    #expect(raised.elements == [3])
    #expect(raised.error?.message == "Stage \"aggregate\" failed for sample 4 of epoch 0.")
  }

  @Test func whatAnAggregatorMakesCanBeShuffledAndBatched() throws {
    let pipeline = Pipeline(from: 0..<100).map { $0 % 5 == 4 ? "x." : "x" }.aggregate { Sentences() }
      .shuffle(size: 4, seed: 0).batch(6)
    #expect(try pipeline.collected()[0].map(\.count) == [6, 6, 6, 2])
  }
}
