import HeadracePipeline

/// Makes one value of up to `limit` samples; ends a value early where the samples say so.
struct GraphAggregator<Element: Digestible>: Aggregator {
  let limit: Int
  let rule: FaultRule
  private var last: Element?
  private var sum = 0
  private var count = 0

  init(limit: Int, rule: FaultRule) {
    self.limit = limit
    self.rule = rule
  }

  mutating func accumulate(_ element: Element) throws -> Element? {
    if rule.fails(element.digest) { throw rule.error }
    last = element
    sum &+= element.digest
    count += 1
    return count == limit || rule.choice(sum, below: 7) == 0 ? take() : nil
  }

  mutating func flush() throws -> Element? {
    if count > 0, rule.fails(sum) { throw rule.error }
    return take()
  }

  private mutating func take() -> Element? {
    defer { (last, sum, count) = (nil, 0, 0) }
    return last?.changed(by: sum & 0xFFFF)
  }
}
