/// A stage at work. The scheduler calls `runSlice` from as many lanes at once as the stage's concurrency allows.
protocol StageNode: AnyObject, Sendable {
  /// Works until there is nothing to do, no room, or a slice of time is over.
  func runSlice(lane: Int) -> SliceResult

  /// Takes from lanes that have been at one chunk since the last call what they are not working on: what is done is
  /// handed on, and what was not begun waits for another lane. Called now and then, by one thread at a time.
  func relieve()

  /// Whether calls with a time limit are under way. Then it is relieved after `cancel` as well: a lane that never comes
  /// back would be one of the epochs that follow.
  var hasLimitedCalls: Bool { get }

  /// What operations are under way for: while they wait, no lane tells of them.
  var operations: [RunningCall] { get }

  /// Counts calls that `relieve` has found to be over their time as failed, as `Scheduler.failOverdue` asks for.
  func failOverdue()

  /// Whether it has something to hand on that needs no more input: a place will do.
  var hasOutput: Bool { get }

  /// The epoch, or its pass through a repeat, has ended: what no lane works on, such as an operation that waits, is to
  /// end soon. May be called twice.
  func cancel()
}

extension StageNode {
  func relieve() {}
  var hasLimitedCalls: Bool { false }
  var operations: [RunningCall] { [] }
  func failOverdue() {}
  func cancel() {}
  // What others make is granted before, and counts as being worked on.
  var hasOutput: Bool { false }
}
