/// Groups that are being collected, one for each key, and which of them was begun first.
///
/// - Complexity: O(1) for each operation, amortised.
struct OpenGroups: Sendable {
  private struct Group {
    var items: [Item]
    let beginning: UInt64
    let number: Int
  }

  private var groups: [GroupKey: Group] = [:]
  /// Keys in the order in which their groups were begun. Those of groups that were closed in between stay until they
  /// are first, or until most are such.
  private var order = Deque<(key: GroupKey, number: Int)>()
  private var begunCount = 0

  var count: Int { groups.count }
  /// Items in all of them.
  ///
  /// - Complexity: O(groups).
  var itemCount: Int { groups.values.reduce(0) { $0 + $1.items.count } }
  /// Keys that are kept, of open groups and of others.
  var rememberedCount: Int { order.count }

  /// When the oldest group was begun.
  var oldestBeginning: UInt64? {
    order.first.flatMap { groups[$0.key]?.beginning }
  }

  /// Puts an item into the group of its key, which begins now if there is none. Returns how many the group holds.
  mutating func add(_ item: Item, key: GroupKey, now: UInt64) -> Int {
    if let index = groups.index(forKey: key) {
      groups.values[index].items.append(item)
      return groups.values[index].items.count
    }
    groups[key] = Group(items: [item], beginning: now, number: begunCount)
    order.append((key, begunCount))
    begunCount += 1
    return 1
  }

  /// Takes the group of a key, which must be open, out.
  mutating func close(_ key: GroupKey) -> ItemGroup {
    guard let group = groups.removeValue(forKey: key) else { preconditionFailure("no group of that key is open") }
    forgetClosed()
    return ItemGroup(items: group.items)
  }

  /// Takes the group out that was begun first.
  mutating func closeOldest() -> ItemGroup? {
    order.first.map { close($0.key) }
  }

  /// The first in order is always open.
  private mutating func forgetClosed() {
    while let first = order.first, !isOpen(first) { order.removeFirst() }
    guard order.count > 2 * groups.count + 8 else { return }
    for _ in 0..<order.count {
      let place = order.popFirst()
      if isOpen(place) { order.append(place) }
    }
  }

  private func isOpen(_ place: (key: GroupKey, number: Int)) -> Bool { groups[place.key]?.number == place.number }
}
