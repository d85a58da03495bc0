@testable import HeadracePipeline

/// A source: hands on a list.
struct ListOperator: StreamOperator {
  private var items: ArraySlice<Item>

  init(_ items: [Item]) {
    self.items = items[...]
  }

  var heldByteCount: Int { 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    items.popFirst().map { .emit($0, to: 0) } ?? .end
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {}
  mutating func receiveMark(from port: Int) {}
  mutating func inputEnded(_ port: Int) {}
}
