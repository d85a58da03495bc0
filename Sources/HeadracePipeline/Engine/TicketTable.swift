/// Values by ticket: tickets are given in order, and most are dropped in about the same order.
///
/// The window of recent tickets is a queue, so giving, finding and dropping cost a few instructions. A ticket that
/// stays much longer than its neighbours, a sample that hangs, moves out of the window, which would otherwise grow with
/// it.
struct TicketTable<Value> {
  private var window: Deque<Value?> = Deque()
  /// Ticket of the window's first place.
  private var windowStart = 0
  private var stragglers: [Int: Value] = [:]
  private(set) var count = 0

  /// A window this long is never worth shortening.
  private static var leastWindow: Int { 1024 }

  /// The ticket that `add` gives next.
  var nextTicket: Int { windowStart + window.count }

  /// The tickets in the table, ascending.
  var tickets: [Int] {
    stragglers.keys.sorted() + (windowStart..<nextTicket).filter { window[$0 - windowStart] != nil }
  }

  /// - Complexity: O(1), amortised.
  mutating func add(_ value: Value) -> Int {
    if window.count > max(Self.leastWindow, 4 * count) { shorten() }
    window.append(value)
    count += 1
    return windowStart + window.count - 1
  }

  /// The value of a ticket, nil once it is dropped. To drop it, set nil; a dropped ticket stays so.
  subscript(ticket: Int) -> Value? {
    get {
      guard ticket >= windowStart else { return stragglers[ticket] }
      return ticket < nextTicket ? window[ticket - windowStart] : nil
    }
    set {
      guard self[ticket] != nil else { return }
      if newValue == nil { count -= 1 }
      guard ticket >= windowStart else {
        stragglers[ticket] = newValue
        return
      }
      window[ticket - windowStart] = newValue
      if newValue == nil { dropFront() }
    }
  }

  /// Changes the value of a ticket in its place. Returns it, nil if the ticket is dropped.
  mutating func update(_ ticket: Int, _ change: (inout Value) -> Void) -> Value? {
    guard var value = self[ticket] else { return nil }
    change(&value)
    if ticket >= windowStart { window[ticket - windowStart] = value } else { stragglers[ticket] = value }
    return value
  }

  private mutating func dropFront() {
    while let first = window.first, first == nil {
      window.removeFirst()
      windowStart += 1
    }
  }

  private mutating func shorten() {
    for _ in 0..<(window.count / 2) {
      if let value = window[0] { stragglers[windowStart] = value }
      window.removeFirst()
      windowStart += 1
    }
    dropFront()
  }
}
