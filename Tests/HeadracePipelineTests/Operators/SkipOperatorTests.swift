import Testing

@testable import HeadracePipeline

@Suite struct SkipOperatorTests {
  @Test(arguments: 0...5)
  func handsOnAllButTheFirst(_ count: Int) throws {
    try withEveryScript(of: [.item(kind: 0), .mark], upTo: 7) { script in
      let left = try OperatorDriver.play(script, { SkipOperator(count: count) }) { history in
        history.inputs.compactMap { input in
          guard let value = input.value else { return .mark }
          return value / 10 < count ? nil : .value(value)
        }
      }
      #expect(left == 0)
    }
  }
}
