@testable import HeadracePipeline

/// A join of three paths that does what `ArrivalJoinOperator` must not: of those that owe a mark it waits for the last.
struct LastPathFirstJoin: StreamOperator {
  private var owing: Set<Int> = [1, 2, 3]
  private var open: Set<Int> = [0, 1, 2, 3]
  private var ready: Item?

  var heldByteCount: Int { 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    if owing.isEmpty {
      owing = open.subtracting([0])
      return open.isEmpty ? .end : .take(.any)
    }
    guard owing.count < 3, let last = owing.max() else { return .take(.any) }
    return .take(.port(last))
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    if port > 0 { ready = item }
  }

  mutating func receiveMark(from port: Int) { owing.remove(port) }

  mutating func inputEnded(_ port: Int) {
    open.remove(port)
    owing.remove(port)
  }
}
