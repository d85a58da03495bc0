/// Hands on items of several inputs in an order that follows from how many they have, and not from when they come:
/// waits for the input whose turn it is.
struct InterleaveOperator: StreamOperator {
  private var order: any InterleaveOrder
  private let stop: InterleaveStop
  private var openCount: Int
  /// The input whose turn it is, once that is known.
  private var current: Int?
  private var ready: Item?

  /// - Parameter inputs: how many there are, 1 or more.
  init(inputs: Int, order: any InterleaveOrder, stop: InterleaveStop) {
    precondition(inputs > 0, "interleave of \(inputs) inputs")
    self.order = order
    self.stop = stop
    openCount = inputs
  }

  var heldByteCount: Int { ready?.byteCount ?? 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    guard openCount > 0 else { return .end }
    let input = current ?? order.next()
    current = input
    return .take(.port(input))
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    ready = item
    current = nil
  }

  mutating func receiveMark(from port: Int) { ready = .mark }

  mutating func inputEnded(_ port: Int) {
    current = nil
    switch stop {
    case .firstExhausted: openCount = 0
    case .allExhausted:
      openCount -= 1
      order.remove(port)
    }
  }
}
