/// Hands on all but the first so many items.
struct SkipOperator: StreamOperator {
  private var remaining: Int
  private var ready: Item?
  private var inputHasEnded = false

  /// - Parameter count: 0 or more.
  init(count: Int) {
    precondition(count >= 0, "skip(\(count))")
    remaining = count
  }

  var heldByteCount: Int { ready?.byteCount ?? 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    return inputHasEnded ? .end : .take(.any)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    if remaining == 0 { ready = item } else { remaining -= 1 }
  }

  mutating func receiveMark(from port: Int) { ready = .mark }

  mutating func inputEnded(_ port: Int) { inputHasEnded = true }
}
