/// Says from which of several inputs the next item comes.
protocol InterleaveOrder: Sendable {
  /// The input whose turn it is. Called once for each item, and again where that input turned out to have ended.
  mutating func next() -> Int

  /// That input has ended: it has no turn any more. `next` is not called when none is left.
  mutating func remove(_ input: Int)
}
