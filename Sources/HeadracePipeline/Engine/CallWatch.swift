/// The calls that a stage with a time limit is making, to find those that take longer.
struct CallWatch {
  /// A call under way.
  struct Entry: Sendable {
    fileprivate let number: Int
    let call: MapNode.Call
    let ticket: Int
    let lane: Int
    let begun: UInt64
  }

  private var entries: [Entry] = []
  private var count = 0

  var isEmpty: Bool { entries.isEmpty }

  /// Returns the number by which the call is known to `end`.
  mutating func begin(_ call: MapNode.Call, ticket: Int, lane: Int, now: UInt64) -> Int {
    count += 1
    entries.append(Entry(number: count, call: call, ticket: ticket, lane: lane, begun: now))
    return count
  }

  /// A call has returned. Whether its time was not over.
  mutating func end(_ number: Int) -> Bool {
    guard let place = entries.firstIndex(where: { $0.number == number }) else { return false }
    entries.remove(at: place)
    return true
  }

  /// Takes out the calls that have taken longer than `limit` nanoseconds.
  mutating func takeOverdue(limit: UInt64, now: UInt64) -> [Entry] {
    let overdue = entries.filter { now > $0.begun && now - $0.begun > limit }
    entries.removeAll { entry in overdue.contains { $0.number == entry.number } }
    return overdue
  }
}
