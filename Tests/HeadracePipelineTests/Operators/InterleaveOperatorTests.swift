import HeadraceCore
import Testing

@testable import HeadracePipeline

struct InterleaveOperatorTests {
  private static func inputs(_ lengths: [Int]) -> [[NetworkOutput]] {
    lengths.enumerated().map { input, length in (0..<length).map { .value([10 * input + $0]) } }
  }

  /// What comes out, whatever the time.
  private static func output(
    _ lengths: [Int], _ stop: InterleaveStop, _ order: any InterleaveOrder
  ) throws -> [Int] {
    let operation = InterleaveOperator(inputs: lengths.count, order: order, stop: stop)
    var outputs: Set<[Int]> = []
    try NetworkDriver.tryAll(NetworkBuilder.network(operation, inputs: inputs(lengths)), .full) { network in
      outputs.insert(network.output.numbers)
    }
    #expect(outputs.count == 1, "\(lengths)")
    return outputs.first ?? []
  }

  @Test func roundRobinTakesOneOfEachInputInTurn() throws {
    #expect(try Self.output([3, 1, 2], .allExhausted, RoundRobinOrder(inputs: 3)) == [0, 10, 20, 1, 21, 2])
    #expect(try Self.output([3, 1, 2], .firstExhausted, RoundRobinOrder(inputs: 3)) == [0, 10, 20, 1])
    #expect(try Self.output([2, 2], .firstExhausted, RoundRobinOrder(inputs: 2)) == [0, 10, 1, 11])
    #expect(try Self.output([0, 2, 0], .allExhausted, RoundRobinOrder(inputs: 3)) == [10, 11])
    #expect(try Self.output([0, 2], .firstExhausted, RoundRobinOrder(inputs: 2)) == [])
  }

  @Test func roundRobinTakesABlockOfEachInputInTurn() throws {
    #expect(
      try Self.output([5, 3], .allExhausted, RoundRobinOrder(inputs: 2, blockLength: 2)) == [0, 1, 10, 11, 2, 3, 12, 4])
    #expect(
      try Self.output([3, 5], .firstExhausted, RoundRobinOrder(inputs: 2, blockLength: 2)) == [0, 1, 10, 11, 2])
  }

  @Test func nothingIsLostUntilAllHaveEnded() throws {
    let orders: [any InterleaveOrder] = [
      RoundRobinOrder(inputs: 3, blockLength: 2), StrideOrder(weights: [1, 2, 3]),
      WeightedRandomOrder(weights: [1, 2, 3], random: CounterRandom(seed: 3, epoch: 0, stage: "mix")),
    ]
    for order in orders {
      try withEverySequence(of: [0, 1, 2], upTo: 3) { lengths in
        guard lengths.count == 3 else { return }
        let output = try Self.output(lengths, .allExhausted, order)
        for (input, values) in Self.inputs(lengths).enumerated() {
          #expect(output.filter { $0 / 10 == input } == values.numbers)
        }
      }
    }
  }

  @Test func marksStayInTheirPlacesAndAreNoTurn() throws {
    let inputs: [[NetworkOutput]] = [[.mark, .value([0]), .mark, .value([1])], [.value([10]), .value([11])]]
    let operation = InterleaveOperator(inputs: 2, order: RoundRobinOrder(inputs: 2), stop: .allExhausted)
    try NetworkDriver.tryAll(NetworkBuilder.network(operation, inputs: inputs), .full) { network in
      #expect(network.output == [.mark, .value([0]), .value([10]), .mark, .value([1]), .value([11])])
    }
  }
}
