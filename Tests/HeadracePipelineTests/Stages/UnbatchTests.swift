import HeadracePipeline
import Testing

@Suite struct UnbatchTests {
  @Test(arguments: [1, 2, 7, 100], [1, 4])
  func unbatchGivesBackWhatBatchGathered(_ count: Int, _ threads: Int) throws {
    let pipeline = Pipeline(from: 0..<50).batch(count).unbatch()
    #expect(try pipeline.collected(threads: threads, epochs: 2) == [Array(0..<50), Array(0..<50)])
  }

  @Test func arraysOfAnyLengthFollowOnOneAnother() throws {
    let arrays = [[], [1], [], [], [2, 3, 4], [5], []]
    #expect(try Pipeline(from: arrays).unbatch().collected() == [[1, 2, 3, 4, 5]])
  }

  @Test func anElementThatFailsBearsThePlaceOfItsArray() throws {
    let outcome = try Pipeline(from: [["a", "b"], ["c", "d", "e"]]).unbatch()
      .map(onFailure: .skip(upTo: 9)) { if $0 == "d" { throw Mishap() } else { $0 } }.outcome()
    #expect(outcome.elements == ["a", "b", "c", "e"])
    #expect(outcome.failed == [1])
  }

  @Test func anEpochMayEndInTheMiddleOfAnArray() throws {
    let pipeline = Pipeline(from: 0..<2).map { Array(repeating: $0, count: 1000) }.unbatch().take(1500)
    #expect(try pipeline.collected(epochs: 2).map { $0.reduce(0, +) } == [500, 500])
  }
}
