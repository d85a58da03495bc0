/// What the consumer of a run has taken until a moment, and how long it has waited for it.
package struct ConsumerProgress: Sendable, Hashable {
  /// Batches since the start, or elements where there are no batches.
  package var takenCount: Int
  /// Nanoseconds since the start in which it waited, a wait that has not ended included.
  package var waitNanoseconds: UInt64

  /// Progress until a moment; nothing by default.
  package init(takenCount: Int = 0, waitNanoseconds: UInt64 = 0) {
    self.takenCount = takenCount
    self.waitNanoseconds = waitNanoseconds
  }
}
