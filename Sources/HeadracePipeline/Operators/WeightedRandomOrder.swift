import HeadraceCore

/// Each turn is drawn at random, an input with twice the weight twice as often.
///
/// Draw number `n` follows from seed, epoch and stage alone, so the order does not depend on time. When an input has
/// ended, its weight counts no more.
struct WeightedRandomOrder: InterleaveOrder {
  private let random: CounterRandom
  private var weights: [Double]
  private var total: Double
  private var drawCount = 0

  /// - Parameter weights: one for each input, above 0.
  init(weights: [Double], random: CounterRandom) {
    self.weights = weights
    self.random = random
    total = weights.reduce(0, +)
  }

  mutating func next() -> Int {
    defer { drawCount += 1 }
    // 53 bits are what a Double holds.
    var rest = Double(random.bits(at: drawCount) >> 11) * 0x1p-53 * total
    var last = 0
    for (input, weight) in weights.enumerated() where weight > 0 {
      if rest < weight { return input }
      rest -= weight
      last = input
    }
    // Rounding can leave a remainder behind the last.
    return last
  }

  mutating func remove(_ input: Int) {
    weights[input] = 0
    total = weights.reduce(0, +)
  }
}
