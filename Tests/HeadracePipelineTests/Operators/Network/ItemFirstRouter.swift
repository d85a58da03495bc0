@testable import HeadracePipeline

/// A route with one path that does what `RouteOperator` must not: tells the join of an item after it has sent it.
struct ItemFirstRouter: StreamOperator {
  private var ready: [(item: Item, port: Int)] = []
  private var inputHasEnded = false

  var heldByteCount: Int { 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if ready.isEmpty { return inputHasEnded ? .end : .take(.any) }
    let (item, port) = ready.removeFirst()
    return .emit(item, to: port)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    let order = Item(position: item.position, label: nil, value: RouteOrder.path(0))
    ready = [(item, RouteOrder.port(ofPath: 0)), (.mark, RouteOrder.port(ofPath: 0)), (order, RouteOrder.port)]
  }

  mutating func receiveMark(from port: Int) {}

  mutating func inputEnded(_ port: Int) { inputHasEnded = true }
}
