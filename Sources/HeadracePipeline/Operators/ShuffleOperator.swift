import HeadraceCore

/// Hands on items in an order chosen at random, as far as a buffer reaches: once it is full, each item that comes takes
/// the place of one that leaves; at the end the others leave.
///
/// Which one leaves follows from the random numbers and from how many items came before, so the same input gives the
/// same order, whatever the time and the threads. Each step is O(1).
struct ShuffleOperator: StreamOperator {
  private let size: Int
  private let random: CounterRandom
  private var buffer: [Item] = []
  private var departureCount = 0
  private var ready: Item?
  private var inputHasEnded = false
  private(set) var heldByteCount = 0

  /// - Parameter size: items that the buffer holds, 1 or more. With 1 the order stays.
  init(size: Int, random: CounterRandom) {
    precondition(size > 0, "shuffle with a buffer of \(size)")
    self.size = size
    self.random = random
  }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return leave(item) }
    guard inputHasEnded else { return .take(.any) }
    guard !buffer.isEmpty else { return .end }
    buffer.swapAt(choose(), buffer.count - 1)
    return leave(buffer.removeLast())
  }

  private mutating func leave(_ item: Item) -> OperatorStep {
    heldByteCount -= item.byteCount
    return .emit(item, to: 0)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    heldByteCount += item.byteCount
    guard buffer.count == size else { return buffer.append(item) }
    let place = choose()
    ready = buffer[place]
    buffer[place] = item
  }

  mutating func receiveMark(from port: Int) { ready = .mark }

  mutating func inputEnded(_ port: Int) { inputHasEnded = true }

  /// The place of the item that leaves next.
  private mutating func choose() -> Int {
    defer { departureCount += 1 }
    return random.number(below: buffer.count, at: departureCount)
  }
}
