/// Turns by weight as even as can be: after any number of items, each input has had its share to within one item.
///
/// Of the inputs that have had less than their share of all items, the next one included, it takes the one that comes
/// to its share first: the quota method of M. Balinski and H. Young, "The quota method of apportionment", 1975. When an
/// input has ended, counting begins anew for the others.
struct StrideOrder: InterleaveOrder {
  private var weights: [Double]
  private var sum: Double
  private var counts: [Int]
  private var total = 0

  /// - Parameter weights: one for each input, above 0, with a finite sum.
  init(weights: [Double]) {
    self.weights = weights
    sum = weights.reduce(0, +)
    counts = weights.map { _ in 0 }
  }

  mutating func next() -> Int {
    total += 1
    var chosen: Int?
    var earliest = Double.infinity
    for (input, weight) in weights.enumerated() where Double(counts[input]) < weight / sum * Double(total) {
      let due = Double(counts[input] + 1) / weight
      if chosen == nil || due < earliest {
        chosen = input
        earliest = due
      }
    }
    guard let chosen else { preconditionFailure("no input of weights \(weights) has had less than its share") }
    counts[chosen] += 1
    return chosen
  }

  mutating func remove(_ input: Int) {
    weights[input] = 0
    sum = weights.reduce(0, +)
    total = 0
    for index in counts.indices { counts[index] = 0 }
  }
}
