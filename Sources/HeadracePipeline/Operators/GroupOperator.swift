/// Collects items into groups: by number, by time, and by a key.
///
/// A group leaves when it is full, or when `window` has passed since its first item came, even if nothing comes. So all
/// its items came within the window. When too many groups are open, the oldest leaves.
struct GroupOperator: StreamOperator {
  private let maximum: Int
  private let window: UInt64?
  private let maximumOpenGroups: Int
  private let partial: PartialGroup
  private let key: (@Sendable (AnySample) throws -> GroupKey)?
  private let collate: @Sendable (ItemGroup) -> AnySample
  private var open = OpenGroups()
  private var ready = Deque<Item>()
  private var inputHasEnded = false
  private(set) var heldByteCount = 0

  /// - Parameters:
  ///   - maximum: items of a full group, 1 or more.
  ///   - window: nanoseconds from the first item of a group until it leaves.
  ///   - maximumOpenGroups: keys for which items are kept, 1 or more.
  ///   - partial: what becomes of groups at the end of the epoch. Those that left before, being due or being too many,
  ///     are not concerned.
  ///   - key: what the items of a group have in common. If it throws, the item has failed.
  ///   - collate: makes the value of a group that leaves.
  init(
    maximum: Int, window: UInt64? = nil, maximumOpenGroups: Int = .max,
    partial: PartialGroup = .emit, key: (@Sendable (AnySample) throws -> GroupKey)? = nil,
    collate: @escaping @Sendable (ItemGroup) -> AnySample = { $0 }
  ) {
    precondition(maximum > 0 && maximumOpenGroups > 0, "groups of \(maximum), \(maximumOpenGroups) at a time")
    self.maximum = maximum
    self.window = window
    self.maximumOpenGroups = maximumOpenGroups
    self.partial = partial
    self.key = key
    self.collate = collate
  }

  var droppedCount: Int { open.itemCount }

  mutating func next(now: UInt64) -> OperatorStep {
    closeDue(now)
    if !ready.isEmpty { return leave(ready.popFirst()) }
    guard inputHasEnded else { return .take(.any, until: deadline) }
    guard partial == .emit, let group = open.closeOldest() else { return .end }
    return leave(group.item(collate))
  }

  private mutating func leave(_ item: Item) -> OperatorStep {
    heldByteCount -= item.byteCount
    return .emit(item, to: 0)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) throws {
    let key = try key?(item.value) ?? .none
    heldByteCount += item.byteCount
    closeDue(now)
    if open.add(item, key: key, now: now) == maximum {
      ready.append(open.close(key).item(collate))
    } else if open.count > maximumOpenGroups, let oldest = open.closeOldest() {
      ready.append(oldest.item(collate))
    }
  }

  mutating func receiveMark(from port: Int) { ready.append(.mark) }

  mutating func inputEnded(_ port: Int) { inputHasEnded = true }

  /// When the oldest group leaves, full or not. Those begun later leave later.
  private var deadline: UInt64? {
    guard let window, let beginning = open.oldestBeginning else { return nil }
    let (deadline, overflow) = beginning.addingReportingOverflow(window)
    return overflow ? .max : deadline
  }

  private mutating func closeDue(_ now: UInt64) {
    while let deadline, deadline <= now, let group = open.closeOldest() { ready.append(group.item(collate)) }
  }
}
