import Testing

@testable import HeadracePipeline

struct MergeOperatorTests {
  @Test func allComesAndEachInputKeepsItsOrder() throws {
    let inputs: [[NetworkOutput]] = [[.value([1]), .value([2])], [.value([11]), .mark, .value([12])], []]
    var outputs: Set<[NetworkOutput]> = []
    try NetworkDriver.tryAll(NetworkBuilder.network(MergeOperator(inputs: 3), inputs: inputs), .full) { network in
      #expect(network.output.filter { $0.isBelow(10) } == inputs[0])
      #expect(network.output.filter { !$0.isBelow(10) } == inputs[1])
      outputs.insert(network.output)
    }
    // Every way to mix 2 with 3.
    #expect(outputs.count == 10)
  }

  @Test func withoutInputsItHasNothing() throws {
    try NetworkDriver.tryAll(NetworkBuilder.network(MergeOperator(inputs: 0), inputs: [])) { #expect($0.output == []) }
  }
}

extension NetworkOutput {
  fileprivate func isBelow(_ limit: Int) -> Bool {
    if case .value(let numbers) = self { return numbers[0] < limit }
    return false
  }
}
