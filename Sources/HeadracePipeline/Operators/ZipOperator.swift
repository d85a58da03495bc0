import HeadraceCore

/// Makes one item of one from each input, in their order; position and label are those of the first input's.
///
/// It ends with the shortest input. What was taken of the others for a row that is not filled is dropped, less than one
/// item for each input, as `zip` of the standard library does. If lengths must be equal, it looks whether the others
/// end as well, and fails if one does not.
struct ZipOperator: StreamOperator {
  /// Inputs that have not the same length.
  struct Mismatch: Sendable, Hashable {
    /// The input that ended, and how many items it had.
    var shorter: Int
    var count: Int
    /// An input that has more.
    var longer: Int
  }

  private let inputs: Int
  private let combine: @Sendable ([AnySample]) -> AnySample
  private let fail: (@Sendable (Mismatch) -> SampleFailure)?
  private var row: [Item] = []
  private var rowCount = 0
  private var ready: Item?
  /// The first input found to have ended.
  private var shortest: Int?
  /// The input to take from.
  private var current = 0
  private var failure: SampleFailure?
  private var isOver = false

  /// - Parameters:
  ///   - inputs: how many there are, 1 or more.
  ///   - fail: makes the failure when lengths differ; nil: they may.
  ///   - combine: makes the value of a row.
  init(
    inputs: Int, failing fail: (@Sendable (Mismatch) -> SampleFailure)? = nil,
    combine: @escaping @Sendable ([AnySample]) -> AnySample
  ) {
    precondition(inputs > 0, "zip of \(inputs) inputs")
    self.inputs = inputs
    self.fail = fail
    self.combine = combine
    row.reserveCapacity(inputs)
  }

  var heldByteCount: Int { row.reduce(ready?.byteCount ?? 0) { $0 + $1.byteCount } }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return .emit(item, to: 0) }
    if let failure = failure.take() { return .fail(failure) }
    return isOver ? .end : .take(.port(current))
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) {
    if let shortest { return mismatch(shorter: shortest, longer: port) }
    row.append(item)
    current += 1
    if current == inputs { closeRow() }
  }

  mutating func receiveMark(from port: Int) { ready = .mark }

  mutating func inputEnded(_ port: Int) {
    if shortest == nil { shortest = port }
    if fail == nil {
      isOver = true
    } else if !row.isEmpty {
      // Those before it have given an item for this row.
      mismatch(shorter: port, longer: 0)
    } else {
      current += 1
      isOver = current == inputs
    }
  }

  private mutating func closeRow() {
    let first = row[0]
    ready = Item(
      position: first.position, label: first.label, byteCount: row.reduce(0) { $0 + $1.byteCount },
      value: combine(row.map(\.value)))
    row.removeAll(keepingCapacity: true)
    rowCount += 1
    current = 0
  }

  private mutating func mismatch(shorter: Int, longer: Int) {
    failure = fail?(Mismatch(shorter: shorter, count: rowCount, longer: longer))
    isOver = true
  }
}
