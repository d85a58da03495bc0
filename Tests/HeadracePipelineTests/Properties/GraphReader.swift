import HeadraceCore

/// What a `flatMap` of a random graph makes of one sample: up to four values, and perhaps an error between them.
struct GraphReader<Element: Digestible>: SourceReader {
  let element: Element
  let rule: FaultRule
  private var made = 0

  init(_ element: Element, _ rule: FaultRule) {
    self.element = element
    self.rule = rule
  }

  static func count(_ digest: Int, _ rule: FaultRule) -> Int { rule.choice(digest, below: 5) }

  mutating func next() throws -> Element? {
    if rule.fails(element.digest), made == Self.count(element.digest, rule) { throw rule.error }
    guard made < Self.count(element.digest, rule) else { return nil }
    made += 1
    return element.changed(by: made)
  }
}
