/// Hands on what comes from several inputs, whichever has something first; ends when all have ended.
///
/// Items of one input keep their order. Between inputs the order depends on time.
struct MergeOperator: StreamOperator {
  private var openCount: Int
  private var ready: Item?

  /// - Parameter inputs: how many there are.
  init(inputs: Int) {
    openCount = inputs
  }

  var heldByteCount: Int { ready?.byteCount ?? 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    return openCount == 0 ? .end : .take(.any)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) { ready = item }

  mutating func receiveMark(from port: Int) { ready = .mark }

  mutating func inputEnded(_ port: Int) { openCount -= 1 }
}
