import HeadracePipeline

/// Hands on what it gets at once, and fails as the trap says: for the sample itself, or at the end of the epoch in
/// which it came.
struct TrapAggregator<Element: Numbered>: Aggregator {
  let failsAtEnd: Bool
  let check: @Sendable ([Int]) throws -> Void
  private var numbers: [Int] = []

  init(failsAtEnd: Bool, check: @escaping @Sendable ([Int]) throws -> Void) {
    self.failsAtEnd = failsAtEnd
    self.check = check
  }

  mutating func accumulate(_ element: Element) throws -> Element? {
    if failsAtEnd { numbers += element.numbers } else { try check(element.numbers) }
    return element
  }

  mutating func flush() throws -> Element? {
    try check(numbers)
    return nil
  }
}
