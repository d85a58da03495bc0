/// Calls that failed and are to be made again, by the time when.
struct RetryQueue<Call> {
  private struct Entry {
    let due: UInt64
    let ticket: Int
    let call: Call
  }

  /// The next one last.
  private var entries: [Entry] = []

  mutating func add(_ call: Call, ticket: Int, due: UInt64) {
    let place = entries.firstIndex { $0.due <= due } ?? entries.endIndex
    entries.insert(Entry(due: due, ticket: ticket, call: call), at: place)
  }

  /// All calls, which will not be made.
  mutating func removeAll() -> [Call] {
    defer { entries = [] }
    return entries.map(\.call)
  }

  /// The call that is due longest, if any is due.
  mutating func takeDue(now: UInt64) -> (ticket: Int, call: Call)? {
    guard let next = entries.last, next.due <= now else { return nil }
    entries.removeLast()
    return (next.ticket, next.call)
  }
}
