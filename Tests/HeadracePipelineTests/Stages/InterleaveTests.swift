import HeadraceCore
import HeadracePipeline
import Testing

@Suite struct InterleaveTests {
  /// Three pipelines of 100, 200 and 300 numbers, from 0, 1000 and 2000.
  private static func pipelines() -> [Pipeline<Int>] {
    (0..<3).map { number in
      Pipeline("source \(number)", from: 0..<(100 * (number + 1)))
        .map("map \(number)", concurrency: 3) { $0 + 1000 * number }
    }
  }

  @Test(
    arguments: [
      InterleavePattern.roundRobin(), .roundRobin(blockLength: 7), .random(weights: [1, 2, 3], seed: 5),
      .stride(weights: [1, 2, 3]),
    ], [InterleaveStop.firstExhausted, .allExhausted])
  func theOrderIsTheSameEachTime(pattern: InterleavePattern, stop: InterleaveStop) throws {
    func collected(_ threads: Int) throws -> [[Int]] {
      try Pipeline.interleaving(Self.pipelines(), pattern, stop: stop).collected(threads: threads, epochs: 2)
    }
    let once = try collected(1)
    #expect(try collected(4) == once)
    for elements in once {
      for number in 0..<3 {
        let own = elements.filter { $0 / 1000 == number }
        #expect(own == (0..<own.count).map { $0 + 1000 * number })
        if stop == .allExhausted { #expect(own.count == 100 * (number + 1)) }
      }
    }
  }

  @Test func itWaitsForTheOneWhoseTurnItIs() throws {
    let gate = Gate()
    let slow = Pipeline("slow", from: 100..<103).map("wait") { number in
      gate.pass()
      return number
    }
    var elements = try Pipeline(from: 0..<3).interleave(with: slow).run(threads: 2, epochs: 1)
    #expect(try elements.next() == 0)
    #expect(throws: HeadraceError.self) { try elements.next(timeout: .milliseconds(1)) }
    gate.open()
    for expected in [100, 1, 101, 2, 102] { #expect(try elements.next() == expected) }
    #expect(try elements.next() == nil)
  }

  @Test func byStrideTheMixtureIsAsAskedForToTheEnd() throws {
    let pattern = InterleavePattern.stride(weights: [0.25, 0.75])
    let mixture = Pipeline(from: 0..<30).interleave(
      with: Pipeline("endless", from: Endless()), pattern, stop: .firstExhausted)
    let elements = try mixture.collected()[0]
    #expect((119...123).contains(elements.count))
  }

  @Test func atRandomEachEpochHasAnOrderOfItsOwn() throws {
    func mixture(_ seed: UInt64) -> Pipeline<Int> {
      Pipeline.interleaving(Self.pipelines(), .random(weights: [1, 1, 1], seed: seed))
    }
    let epochs = try mixture(1).collected(epochs: 2)
    #expect(epochs[0] != epochs[1])
    #expect(try mixture(2).collected()[0] != epochs[0])
  }

  @Test func mistakesAreToldBeforeTheStart() {
    func mistake(_ pattern: InterleavePattern) -> String? {
      Pipeline(from: 0..<3).interleave(with: Pipeline("other", from: 0..<3), pattern, name: "mix").mistake
    }
    #expect(
      mistake(.roundRobin(blockLength: 0))
        == "Blocks of 0 samples are not possible; blockLength must be 1 or more. [stage: mix]")
    #expect(mistake(.stride(weights: [1])) == "There are 1 weights for 2 pipelines; give one for each. [stage: mix]")
    for weights in [[1, 0], [1, -1], [.nan, 1], [1, .infinity], [1e308, 1e308]] {
      let text = "The weights \(weights) are not possible; each must be above 0, and their sum finite. [stage: mix]"
      #expect(mistake(.random(weights: weights, seed: 0)) == text)
      #expect(mistake(.stride(weights: weights)) == text)
    }
    let none: [Pipeline<Int>] = []
    #expect(Pipeline.interleaving(none).mistake?.hasPrefix("There is nothing to interleave") == true)
  }
}
