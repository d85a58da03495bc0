import HeadracePipeline
import Testing

@Suite struct BucketByLengthTests {
  private static let texts = [1, 9, 3, 12, 2, 11, 5, 4, 10, 8].map { String(repeating: "x", count: $0) }

  @Test(arguments: [1, 4])
  func textsOfAboutTheSameLengthComeTogether(_ threads: Int) throws {
    let pipeline = Pipeline(from: Self.texts).map(concurrency: 3) { $0 }
      .bucketByLength(boundaries: [4, 10], batchSizes: [3, 2, 2]) { $0.utf8.count }
    let expected = [[1, 3, 2], [12, 11], [9, 5], [4, 8], [10]]
    #expect(
      try pipeline.collected(threads: threads, epochs: 2).map { $0.map { $0.map(\.utf8.count) } }
        == [expected, expected])
  }

  @Test func whatIsLeftCanBeDropped() throws {
    let pipeline = Pipeline(from: Self.texts)
      .bucketByLength(boundaries: [4, 10], batchSizes: [3, 2, 2], partial: .drop) { $0.utf8.count }
    #expect(try pipeline.collected()[0].map(\.count) == [3, 2, 2, 2])
  }

  @Test func aLengthBelowZeroFailsItsSample() throws {
    let outcome = try Pipeline(from: [3, -1, 4]).bucketByLength(
      boundaries: [], batchSizes: [2], onFailure: .skip(upTo: 1)
    ) { $0 }.outcome()
    #expect(outcome.elements == [[3, 4]])
    #expect(outcome.failed == [1])
  }

  @Test func mistakesAreFoundBeforeTheStart() {
    #expect(
      Pipeline(from: [1]).bucketByLength("lengths", boundaries: [2, 1], batchSizes: [1, 1, 1]) { $0 }.mistake
        == "Boundary 1 comes after 2; boundaries must ascend. [stage: lengths]")
  }
}
