/// A stage at work. The scheduler calls `runSlice` from as many lanes at once as the stage's concurrency allows.
protocol StageNode: AnyObject, Sendable {
  /// Works until there is nothing to do, no room, or a slice of time is over.
  func runSlice(lane: Int) -> SliceResult

  /// Takes from lanes that have been at one chunk since the last call what they are not working on: what is done is
  /// handed on, and what was not begun waits for another lane. Called now and then, by one thread at a time.
  func relieve()
}

/// Why a slice of work ended.
enum SliceResult: Sendable, Hashable {
  /// Time is up; there is more to do.
  case again
  /// There is no input, or all that is left is in the hands of other lanes.
  case starved
  /// There is no room for output.
  case blocked
  /// The stage has ended.
  case finished
}
