import HeadracePipeline
import Testing

@Suite struct SkipFirstTests {
  @Test(arguments: [0, 1, 7, 10, 11], [1, 4])
  func theFirstAreLeftOutInEachEpoch(_ count: Int, _ threads: Int) throws {
    let pipeline = Pipeline(from: 0..<10).map(concurrency: 4) { $0 }.skip(count)
    #expect(
      try pipeline.collected(threads: threads, epochs: 3)
        == Array(repeating: Array((0..<10).dropFirst(count)), count: 3))
  }

  @Test func takeAndSkipCutOutWhatLiesBetween() throws {
    #expect(try Pipeline(from: Endless()).skip(5).take(3).collected() == [[5, 6, 7]])
  }

  @Test func aCountBelowZeroIsAMistake() {
    #expect(
      Pipeline(from: 0..<3).skip(-2).mistake == "skip(-2) is not possible; it must be 0 or more. [stage: skip]")
  }
}
