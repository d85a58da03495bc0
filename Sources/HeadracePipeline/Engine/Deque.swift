/// A double-ended queue in one circular allocation: what `Handover` needs, no more.
struct Deque<Element> {
  private var storage: [Element?]
  private var head = 0
  private(set) var count = 0

  init() {
    storage = Array(repeating: nil, count: 8)
  }

  var isEmpty: Bool { count == 0 }
  var first: Element? { count == 0 ? nil : storage[head] }

  /// - Complexity: O(1), amortised.
  mutating func append(_ element: Element) {
    if count == storage.count { grow() }
    storage[(head + count) & (storage.count - 1)] = element
    count += 1
  }

  mutating func removeFirst() {
    _ = popFirst()
  }

  /// Moves the first element out, which costs no copy.
  mutating func popFirst() -> Element {
    precondition(count > 0, "popFirst on an empty Deque")
    guard let element = storage[head].take() else { preconditionFailure("hole in a Deque") }
    head = (head + 1) & (storage.count - 1)
    count -= 1
    return element
  }

  mutating func removeLast() {
    precondition(count > 0, "removeLast on an empty Deque")
    count -= 1
    storage[(head + count) & (storage.count - 1)] = nil
  }

  mutating func removeAll() {
    self = Deque()
  }

  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "index \(index) of a Deque of \(count)")
      guard let element = storage[(head + index) & (storage.count - 1)] else { preconditionFailure("hole in a Deque") }
      return element
    }
    set {
      precondition(index >= 0 && index < count, "index \(index) of a Deque of \(count)")
      storage[(head + index) & (storage.count - 1)] = newValue
    }
  }

  /// Doubles the capacity, which stays a power of two.
  private mutating func grow() {
    var larger: [Element?] = []
    larger.reserveCapacity(storage.count * 2)
    for index in 0..<count { larger.append(storage[(head + index) & (storage.count - 1)]) }
    for _ in count..<(storage.count * 2) { larger.append(nil) }
    storage = larger
    head = 0
  }
}

extension Deque: Sendable where Element: Sendable {}
extension Deque: Equatable where Element: Equatable {}
extension Deque: Hashable where Element: Hashable {}
