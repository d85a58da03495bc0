extension StageStatistics {
  /// What the stage has done since an earlier look at the same stage of the same worker.
  ///
  /// Counts and sums are differences; means and rates follow from them. Shares are those of the time in between. Name,
  /// concurrency and `activeCount` are those of now.
  ///
  /// Percentiles are those of now too, and so are of all calls since the start: two percentiles do not tell the one in
  /// between. Percentiles of an interval alone take a histogram that begins anew with it.
  public func since(_ earlier: StageStatistics) -> StageStatistics {
    var interval = self
    // Both can come from memory that another process overwrote: a wrong difference is no reason to end the program.
    interval.taskCount &-= earlier.taskCount
    interval.failureCount &-= earlier.failureCount
    interval.filteredCount &-= earlier.filteredCount
    interval.retryCount &-= earlier.retryCount
    interval.timeoutCount &-= earlier.timeoutCount
    interval.quarantinedCount &-= earlier.quarantinedCount
    interval.elapsedSeconds -= earlier.elapsedSeconds
    interval.taskSeconds -= earlier.taskSeconds
    func share(_ share: (StageStatistics) -> Double) -> Double {
      ElapsedShare(share(self), of: elapsedSeconds).since(ElapsedShare(share(earlier), of: earlier.elapsedSeconds))
    }
    interval.busy = share(\.busy)
    interval.blocked = share(\.blocked)
    interval.starved = share(\.starved)
    interval.output = output.since(earlier.output)
    return interval
  }
}

extension [StageStatistics] {
  /// What each stage has done since an earlier look at the same pipeline; see `StageStatistics.since`.
  ///
  /// Stages are told apart by their names. One that was not there yet has done all that it did since.
  ///
  /// - Complexity: O(stages).
  public func since(_ earlier: [StageStatistics]) -> [StageStatistics] {
    let byName = Dictionary(earlier.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return map { stage in byName[stage.name].map(stage.since) ?? stage }
  }
}
