/// A stage as the autotuner knows it: what it is called, and between which bounds its concurrency may move.
package struct TunedStage: Sendable, Hashable {
  /// Unique in the pipeline.
  package var name: String
  /// What it does with a sample; for what is printed.
  package var kind: StageDescription.Kind
  /// The concurrency it starts with, within `range`.
  package var concurrency: Int
  /// The values it may take, from 1. One value: the stage is observed, and never changed.
  package var range: ClosedRange<Int>
  /// Whether it works on the lanes that all stages share: not with threads of its own, nor where its closure is `async`
  /// and waits without one.
  package var sharesLanes: Bool
  /// Results that the stage may hold for each of its hands: the one that is being made, and those that may wait
  /// behind it. The bound of a queue is twice the concurrency where samples are slow, so 3.
  package var resultsPerHand: Int

  /// - Precondition: `range` starts at 1 or more and contains `concurrency`; `resultsPerHand` is 1 or more.
  package init(
    _ name: String, kind: StageDescription.Kind = .map, concurrency: Int = 1, range: ClosedRange<Int>,
    sharesLanes: Bool = true, resultsPerHand: Int = 3
  ) {
    precondition(range.lowerBound >= 1, "stage \(name): a concurrency starts at 1, the range is \(range)")
    precondition(range.contains(concurrency), "stage \(name): a concurrency of \(concurrency) is not within \(range)")
    precondition(
      resultsPerHand >= 1,
      "stage \(name): holds \(resultsPerHand) results for each of its hands, at least 1 is needed")
    self.name = name
    self.kind = kind
    self.concurrency = concurrency
    self.range = range
    self.sharesLanes = sharesLanes
    self.resultsPerHand = resultsPerHand
  }

  /// A stage whose concurrency somebody has chosen.
  package init(_ name: String, kind: StageDescription.Kind = .map, fixed concurrency: Int, resultsPerHand: Int = 3) {
    self.init(
      name, kind: kind, concurrency: concurrency, range: concurrency...concurrency, resultsPerHand: resultsPerHand)
  }
}
