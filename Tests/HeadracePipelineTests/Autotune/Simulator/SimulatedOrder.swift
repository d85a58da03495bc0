/// Lets the results of a stage out in the order of their calls, or as they come.
struct SimulatedOrder {
  let isOrdered: Bool
  private var taken = 0
  private var released = 0
  /// Of the calls from `released` on: nil while it is at work, else whether it has a result.
  private var results: [Bool?] = []
  /// Results that wait for one before them.
  private(set) var heldCount = 0

  init(isOrdered: Bool) {
    self.isOrdered = isOrdered
  }

  /// A call begins.
  mutating func take() -> Int {
    if isOrdered { results.append(nil) }
    taken += 1
    return taken - 1
  }

  /// A call ends. Returns how many results leave.
  mutating func finish(_ ticket: Int, isKept: Bool) -> Int {
    guard isOrdered else { return isKept ? 1 : 0 }
    results[ticket - released] = isKept
    if isKept { heldCount += 1 }
    let first = results.firstIndex { $0 == nil } ?? results.count
    let leaving = results[..<first].count { $0 == true }
    results.removeFirst(first)
    released += first
    heldCount -= leaving
    return leaving
  }
}
