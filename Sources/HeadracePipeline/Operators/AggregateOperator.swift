import HeadraceCore

/// Hands on what an aggregator makes of the items. A result bears position and label of the first item that came after
/// the result before it.
struct AggregateOperator: StreamOperator {
  private enum Phase {
    case taking, flushing, ended
  }

  /// The failure of what began with the sample at a position.
  typealias Failure = @Sendable (any Error, _ position: Int, SampleLabel?) -> SampleFailure

  static var callsOut: Bool { true }

  private var aggregator: any ErasedAggregator
  private let byteCount: @Sendable (AnySample) -> Int
  private let failure: Failure
  private var phase = Phase.taking
  private var ready: Item?
  /// Of the first item since the last result; as long as there is none, of the first item of that result.
  private var origin: (position: Int, label: SampleLabel?) = (0, nil)
  private var hasFirst = false

  /// - Parameters:
  ///   - byteCount: of a result.
  ///   - failure: what becomes of an error of `flush`.
  init(
    _ aggregator: any ErasedAggregator, byteCount: @escaping @Sendable (AnySample) -> Int = { _ in 0 },
    failure: @escaping Failure
  ) {
    self.aggregator = aggregator
    self.byteCount = byteCount
    self.failure = failure
  }

  var heldByteCount: Int { ready?.byteCount ?? 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    switch phase {
    case .taking: return .take(.any)
    case .flushing:
      phase = .ended
      return flush() ?? .end
    case .ended: return .end
    }
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) throws {
    let result = try aggregator.accumulate(item.value)
    if !hasFirst { origin = (item.position, item.label) }
    hasFirst = result == nil
    ready = result.map(makeItem)
  }

  mutating func receiveMark(from port: Int) { ready = .mark }

  mutating func inputEnded(_ port: Int) { phase = .flushing }

  private mutating func flush() -> OperatorStep? {
    do {
      return try aggregator.flush().map { .emit(makeItem($0), to: 0) }
    } catch {
      return .fail(failure(error, origin.position, origin.label))
    }
  }

  private func makeItem(_ value: AnySample) -> Item {
    Item(position: origin.position, label: origin.label, byteCount: byteCount(value), value: value)
  }
}
