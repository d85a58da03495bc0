/// A stage at work. The scheduler calls `runSlice` from as many lanes at once as the stage's concurrency allows.
protocol StageNode: AnyObject, Sendable {
  /// Works until there is nothing to do, no room, or a slice of time is over.
  func runSlice(lane: Int) -> SliceResult
}

/// Why a slice of work ended.
enum SliceResult: Sendable, Hashable {
  /// Time is up; there is more to do.
  case again
  /// There is no input.
  case starved
  /// There is no room for output.
  case blocked
  /// The stage has ended.
  case finished
}
