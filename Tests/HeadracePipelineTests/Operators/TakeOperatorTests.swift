import Testing

@testable import HeadracePipeline

@Suite struct TakeOperatorTests {
  @Test(arguments: 0...5)
  func handsOnTheFirstAndAsksForNothingBehindThem(_ count: Int) throws {
    try withEveryScript(of: [.item(kind: 0), .mark], upTo: 7) { script in
      // Events up to the last item that is taken: none with a count of 0, all where there are too few.
      let items = script.indices.filter { script[$0] != .mark }
      let end = count == 0 ? 0 : items.count < count ? script.count : items[count - 1] + 1
      let left = try OperatorDriver.play(script, { TakeOperator(count: count) }) { history in
        history.inputs.prefix(end).map { $0.value.map(OperatorDriver.Output.value) ?? .mark }
      }
      #expect(left == script.count - end, "\(script)")
    }
  }
}
