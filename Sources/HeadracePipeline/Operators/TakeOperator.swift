/// Hands on the first so many items. Then it ends without asking for more, so that a source without an end is stopped.
struct TakeOperator: StreamOperator {
  private var remaining: Int
  private var ready: Item?
  private var inputHasEnded = false

  /// - Parameter count: 0 or more.
  init(count: Int) {
    precondition(count >= 0, "take(\(count))")
    remaining = count
  }

  var heldByteCount: Int { ready?.byteCount ?? 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    return remaining == 0 || inputHasEnded ? .end : .take(.any)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    remaining -= 1
    ready = item
  }

  mutating func receiveMark(from port: Int) { ready = .mark }

  mutating func inputEnded(_ port: Int) { inputHasEnded = true }
}
