/// Makes of an item that holds several values one item for each: position and label stay those of the item.
///
/// One leaves at a time, and the next item is asked for when the last has left.
struct FlattenOperator: StreamOperator {
  /// The values that an item holds.
  struct Elements: Sendable {
    let count: Int
    /// Gives the next of them, and lets go of it. Called `count` times.
    let next: @Sendable () -> AnySample
  }

  private let open: @Sendable (AnySample) throws -> Elements
  private let byteCount: @Sendable (AnySample) -> Int
  /// The item without its value, and those of its values that have not left.
  private var current: (origin: Item, elements: Elements, left: Int)?
  /// Of the item, without its values that have left.
  private(set) var heldByteCount = 0
  private var mark: Item?
  private var inputHasEnded = false

  /// - Parameters:
  ///   - byteCount: of one of the values.
  ///   - open: if it throws, the item has failed.
  init(
    byteCount: @escaping @Sendable (AnySample) -> Int = { _ in 0 },
    open: @escaping @Sendable (AnySample) throws -> Elements
  ) {
    self.byteCount = byteCount
    self.open = open
  }

  mutating func next(now: UInt64) -> OperatorStep {
    if let element = nextElement() { return .emit(element, to: 0) }
    if let mark = mark.take() { return .emit(mark, to: 0) }
    return inputHasEnded ? .end : .take(.any)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) throws {
    let elements = try open(item.value)
    if elements.count > 0 {
      current = (Item(position: item.position, label: item.label, value: ()), elements, elements.count)
      heldByteCount = item.byteCount
    }
  }

  mutating func receiveMark(from port: Int) { mark = .mark }

  mutating func inputEnded(_ port: Int) { inputHasEnded = true }

  private mutating func nextElement() -> Item? {
    guard let (origin, elements, left) = current else { return nil }
    current = left > 1 ? (origin, elements, left - 1) : nil
    let value = elements.next()
    let element = Item(position: origin.position, label: origin.label, byteCount: byteCount(value), value: value)
    heldByteCount = current == nil ? 0 : max(0, heldByteCount - element.byteCount)
    return element
  }
}
