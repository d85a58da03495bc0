import HeadracePipeline
import Testing

@Suite struct TakeTests {
  @Test(arguments: [1, 2, 4], [0, 1, 100])
  func aSourceWithoutAnEndHasOneThen(_ threads: Int, _ count: Int) throws {
    let pipeline = Pipeline(from: Endless()).map(concurrency: 3) { 2 * $0 }.take(count).map("after") { $0 + 1 }
    let expected = (0..<count).map { 2 * $0 + 1 }
    #expect(try pipeline.collected(threads: threads, epochs: 3) == Array(repeating: expected, count: 3))
  }

  @Test func onlyWhatReachesItCounts() throws {
    let pipeline = Pipeline(from: 0..<20).filter { $0 % 2 == 0 }
      .map(onFailure: .skip(upTo: 20)) { if $0 % 3 == 0 { throw Mishap() } else { $0 } }
      .take(4)
    #expect(try pipeline.collected() == [[2, 4, 8, 10]])
  }

  @Test func tooFewAreAllThereAre() throws {
    #expect(try Pipeline(from: 0..<3).take(5).collected() == [[0, 1, 2]])
  }

  @Test func aCountBelowZeroIsAMistake() {
    #expect(
      Pipeline(from: 0..<3).take(-1, name: "first").mistake
        == "take(-1) is not possible; it must be 0 or more. [stage: first]")
  }
}
