import HeadraceCore

/// Gives one value, then fails if the trap says so.
struct TrapReader<Element: Numbered>: SourceReader {
  let element: Element
  let check: @Sendable ([Int]) throws -> Void
  private var hasGiven = false

  init(element: Element, check: @escaping @Sendable ([Int]) throws -> Void) {
    self.element = element
    self.check = check
  }

  mutating func next() throws -> Element? {
    if hasGiven {
      try check(element.numbers)
      return nil
    }
    hasGiven = true
    return element
  }
}
