import HeadraceSystem

/// A stage that takes samples in and works on them in chunks, on several lanes at once.
protocol ChunkedNode: StageNode {
  associatedtype Task: Sendable
  associatedtype Output: Sendable

  var stage: StageContext { get }
  /// Takes in what a lane is to work on next.
  func takeIn() -> Intake<Task, Output>
  /// Works on what the chunk is left with, until the run is stopped, and hands the results on.
  func work(_ chunk: Chunk<Task, Output>, lane: Int)
  /// Reaches the samples that the stage has taken in, under its lock.
  func withWorkload<Result: Sendable>(_ body: (inout Workload<Task, Output>) -> sending Result) -> Result
  /// Hands on what a lane has done of a chunk that was taken from it.
  func handOn(_ results: consuming Chunk<Task, Output>.Results)
}

extension ChunkedNode {
  func relieve() { relieveChunks() }

  func runSlice(lane: Int) -> SliceResult {
    let start = MonotonicClock.now
    while true {
      if stage.isDraining { return .finished }
      switch takeIn() {
      case .idle(let reason): return reason
      case .work(let chunk, let hasMore):
        // Work is left for another lane: wake it before starting on ours.
        if hasMore && stage.concurrency > 1 { stage.signal() }
        work(chunk, lane: lane)
        stage.scheduler.offerProcessor()
        // A lane whose sample took too long has been replaced, and must not go on.
        if stage.description.options.timeout != nil { return .again }
        if MonotonicClock.now - start > StageContext.sliceNanoseconds { return .again }
      }
    }
  }

  func relieveChunks() {
    let (results, hasReturned) = withWorkload { ($0.relieve(), $0.hasReturned) }
    for results in results { handOn(results) }
    // Samples that failed or were left out free places as well, of which nobody else tells: the lane that made them is
    // held up.
    if hasReturned || !results.isEmpty { stage.signal() }
  }
}
