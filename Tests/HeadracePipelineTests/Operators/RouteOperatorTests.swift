import Testing

@testable import HeadracePipeline

struct RouteOperatorTests {
  /// What it does until it wants input.
  private static func steps(_ operation: inout RouteOperator) -> [String] {
    var steps: [String] = []
    while true {
      switch operation.next(now: 0) {
      case .emit(let item, let port): steps.append("\(port) \(item.isMark ? "mark" : "\(item.value)")")
      case .fail: steps.append("fail")
      case .take: return steps
      case .end: return steps + ["end"]
      }
    }
  }

  private static func route(_ ordering: Ordering) -> RouteOperator {
    RouteOperator(pathCount: 3, ordering: ordering) { value in
      guard let path = value as? Int, path < 3 else { throw PathOperator.Mishap() }
      return path
    }
  }

  @Test func inOrderTheJoinIsToldFirstAndAMarkFollows() {
    var operation = Self.route(.input)
    try? operation.receive(Item(position: 5, label: nil, value: 2), from: 0, now: 0)
    #expect(Self.steps(&operation) == ["0 path(2)", "3 2", "3 mark"])
    operation.receiveMark(from: 0)
    #expect(Self.steps(&operation) == ["0 outerMark"])
    operation.inputEnded(0)
    #expect(Self.steps(&operation) == ["0 end", "end"])
  }

  @Test func byArrivalAMarkGoesAlongAllPathsAndOneMoreAtTheEnd() {
    var operation = Self.route(.completion)
    try? operation.receive(Item(position: 5, label: nil, value: 0), from: 0, now: 0)
    #expect(Self.steps(&operation) == ["0 path(0)", "1 0"])
    operation.receiveMark(from: 0)
    #expect(Self.steps(&operation) == ["0 outerMark", "1 mark", "2 mark", "3 mark"])
    operation.inputEnded(0)
    #expect(Self.steps(&operation) == ["0 end", "1 mark", "2 mark", "3 mark", "end"])
  }

  @Test(arguments: [Ordering.input, .completion])
  func aSampleThatCannotBeRoutedFailsAndIsGone(ordering: Ordering) {
    var operation = Self.route(ordering)
    #expect(throws: PathOperator.Mishap.self) {
      try operation.receive(Item(position: 5, label: nil, value: 3), from: 0, now: 0)
    }
    #expect(Self.steps(&operation) == [])
  }
}
