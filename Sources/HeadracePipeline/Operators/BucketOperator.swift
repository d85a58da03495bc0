import HeadraceCore

/// Collects items of about the same length into groups: one bucket for each range of lengths, each with a group size of
/// its own.
///
/// Bucket `i` holds the lengths from `boundaries[i - 1]` up to and without `boundaries[i]`; the first holds all below,
/// the last all from the last boundary on.
struct BucketOperator: StreamOperator {
  private let boundaries: [Int]
  private let sizes: [Int]
  private let partial: PartialGroup
  private let length: @Sendable (AnySample) throws -> Int
  private let collate: @Sendable (ItemGroup) -> AnySample
  private var buckets: [[Item]]
  private var ready: Item?
  private var inputHasEnded = false
  private(set) var heldByteCount = 0

  /// - Parameters:
  ///   - boundaries: ascending, none twice.
  ///   - sizes: items of a full group, 1 or more; for each bucket, so one more than there are boundaries.
  ///   - partial: what becomes of the items that are left at the end; they leave in the order of the buckets.
  ///   - length: if it throws, or is below 0, the item has failed.
  init(
    boundaries: [Int], sizes: [Int], partial: PartialGroup = .emit,
    length: @escaping @Sendable (AnySample) throws -> Int,
    collate: @escaping @Sendable (ItemGroup) -> AnySample = { $0 }
  ) {
    if let mistake = Self.mistake(boundaries: boundaries, sizes: sizes) { preconditionFailure(mistake) }
    self.boundaries = boundaries
    self.sizes = sizes
    self.partial = partial
    self.length = length
    self.collate = collate
    buckets = Array(repeating: [], count: sizes.count)
  }

  /// What is wrong with boundaries and sizes; nil if nothing is.
  static func mistake(boundaries: [Int], sizes: [Int]) -> String? {
    if sizes.count != boundaries.count + 1 {
      return """
        There must be one batch size more than boundaries, one for each bucket; these are \
        \(HumanUnits.count(boundaries.count, "boundary", plural: "boundaries")) and \
        \(HumanUnits.count(sizes.count, "batch size")).
        """
    }
    for (lower, upper) in zip(boundaries, boundaries.dropFirst()) where lower >= upper {
      return "Boundary \(upper) comes after \(lower); boundaries must ascend."
    }
    if let size = sizes.first(where: { $0 < 1 }) {
      return "A batch size of \(size) is not possible; it must be 1 or more."
    }
    return nil
  }

  var droppedCount: Int { buckets.reduce(0) { $0 + $1.count } }

  mutating func next(now: UInt64) -> OperatorStep {
    if let item = ready.take() { return leave(item) }
    guard inputHasEnded else { return .take(.any) }
    guard partial == .emit, let bucket = buckets.firstIndex(where: { !$0.isEmpty }) else { return .end }
    return leave(close(bucket))
  }

  private mutating func leave(_ item: Item) -> OperatorStep {
    heldByteCount -= item.byteCount
    return .emit(item, to: 0)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) throws {
    let length = try length(item.value)
    guard length >= 0 else {
      throw HeadraceError(.stageFailed, "A sample cannot have a length of \(length); the closure must give 0 or more.")
    }
    let bucket = bucket(of: length)
    heldByteCount += item.byteCount
    buckets[bucket].append(item)
    if buckets[bucket].count == sizes[bucket] { ready = close(bucket) }
  }

  mutating func receiveMark(from port: Int) { ready = .mark }

  mutating func inputEnded(_ port: Int) { inputHasEnded = true }

  /// The number of boundaries that are not above the length, by halving.
  private func bucket(of length: Int) -> Int {
    var range = 0..<boundaries.count
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      range = boundaries[middle] <= length ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }

  private mutating func close(_ bucket: Int) -> Item {
    var items: [Item] = []
    swap(&items, &buckets[bucket])
    return ItemGroup(items: items).item(collate)
  }
}
