@testable import HeadracePipeline

/// A bounded queue between two nodes of a network.
struct NetworkQueue {
  let capacity: Int
  var items: [Item] = []
  /// How many were ever put in.
  private(set) var putCount = 0
  /// Nothing follows `items`.
  var hasEnded = false
  /// Nobody wants more.
  var isCancelled = false

  var hasRoom: Bool { isCancelled || items.count < capacity }
  var hasSomething: Bool { !items.isEmpty || hasEnded }

  mutating func put(_ item: Item) {
    if isCancelled { return }
    items.append(item)
    putCount += 1
  }

  mutating func cancel() {
    isCancelled = true
    items = []
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(hasEnded)
    hasher.combine(isCancelled)
    hasher.combine(items.count)
    for item in items {
      hasher.combine(item.position)
      hasher.combine(item.value as? [Int])
      hasher.combine(item.value as? RouteOrder)
    }
  }
}
