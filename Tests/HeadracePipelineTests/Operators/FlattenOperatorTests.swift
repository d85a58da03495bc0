import Testing

@testable import HeadracePipeline

@Suite struct FlattenOperatorTests {
  private func flatten() -> FlattenOperator {
    FlattenOperator(byteCount: { typed($0, as: Int.self) }) { sample in
      let value = typed(sample, as: Int.self)
      if value % 10 == 9 { throw Mishap() }
      let elements = ReversedElements((0..<(value % 10)).map { 1000 * value + $0 })
      return FlattenOperator.Elements(count: value % 10) { elements.takeNext() }
    }
  }

  @Test func makesAnItemOfEachElementAndKeepsItsPlace() throws {
    try withEveryScript(of: [.item(kind: 0), .item(kind: 1), .item(kind: 3), .bad, .mark], upTo: 5) { script in
      let left = try OperatorDriver.play(script, flatten) { history in
        history.inputs.flatMap { input -> [OperatorDriver.Output] in
          guard let value = input.value else { return [.mark] }
          if input.isBad { return [.failed(position: value / 10)] }
          return (0..<input.kind).map { .values([1000 * value + $0], position: value / 10) }
        }
      }
      #expect(left == 0)
    }
  }

  @Test func makesNoElementBeforeItIsWanted() throws {
    let made = Tally()
    var flatten = FlattenOperator { _ in
      FlattenOperator.Elements(count: 3) {
        made.add()
        return 0
      }
    }
    try flatten.receive(Item(position: 0, label: nil, value: 0), from: 0, now: 0)
    for count in 0..<3 {
      #expect(made.count == count)
      guard case .emit = flatten.next(now: 0) else { return #expect(Bool(false)) }
    }
    guard case .take = flatten.next(now: 0) else { return #expect(Bool(false)) }
    #expect(made.count == 3)
  }

  @Test func bytesAreThoseOfTheElement() throws {
    var flatten = flatten()
    try flatten.receive(Item(position: 0, label: nil, byteCount: 7, value: 2), from: 0, now: 0)
    for expected in [2000, 2001] {
      guard case .emit(let item, to: 0) = flatten.next(now: 0) else { return #expect(Bool(false)) }
      #expect(item.byteCount == expected)
    }
  }

  @Test func anElementIsLetGoOfWhenItLeaves() throws {
    let ended = Tally()
    var flatten = FlattenOperator { sample in
      let elements = typed(sample, as: [Tracked].self)
      let rest = ReversedElements(elements)
      return FlattenOperator.Elements(count: elements.count) { rest.takeNext() }
    }
    try flatten.receive(
      Item(position: 0, label: nil, value: (0..<3).map { Tracked($0, ended: ended) }), from: 0, now: 0)
    for count in 0..<3 {
      #expect(ended.count == count)
      _ = flatten.next(now: 0)
    }
    #expect(ended.count == 3)
  }
}
