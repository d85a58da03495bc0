extension StageStatistics {
  /// What a stage has done in two workers, of which this one came after the other.
  ///
  /// Counts and times are sums, and shares those of the time of both. Name, concurrency, `activeCount` and percentiles
  /// are those of this one, as far as it has made calls.
  public func adding(_ earlier: StageStatistics) -> StageStatistics {
    var sum = self
    // Both can come from memory that another process overwrote: a wrong sum is no reason to end the program.
    sum.taskCount &+= earlier.taskCount
    sum.failureCount &+= earlier.failureCount
    sum.filteredCount &+= earlier.filteredCount
    sum.retryCount &+= earlier.retryCount
    sum.timeoutCount &+= earlier.timeoutCount
    sum.quarantinedCount &+= earlier.quarantinedCount
    sum.elapsedSeconds += earlier.elapsedSeconds
    sum.taskSeconds += earlier.taskSeconds
    if taskCount == 0 {
      sum.taskSecondsP50 = earlier.taskSecondsP50
      sum.taskSecondsP90 = earlier.taskSecondsP90
      sum.taskSecondsP99 = earlier.taskSecondsP99
    }
    func share(_ share: (StageStatistics) -> Double) -> Double {
      ElapsedShare(share(self), of: elapsedSeconds).adding(ElapsedShare(share(earlier), of: earlier.elapsedSeconds))
    }
    sum.busy = share(\.busy)
    sum.blocked = share(\.blocked)
    sum.starved = share(\.starved)
    sum.output = output.adding(earlier.output)
    return sum
  }
}

extension QueueStatistics {
  /// What went through the queue behind a stage in two workers; see `StageStatistics.adding`.
  public func adding(_ earlier: QueueStatistics) -> QueueStatistics {
    var sum = self
    sum.itemCount &+= earlier.itemCount
    sum.byteCount &+= earlier.byteCount
    sum.elapsedSeconds += earlier.elapsedSeconds
    sum.putSeconds += earlier.putSeconds
    sum.getSeconds += earlier.getSeconds
    sum.queueSeconds += earlier.queueSeconds
    if itemCount == 0 {
      sum.putSecondsP90 = earlier.putSecondsP90
      sum.putSecondsP99 = earlier.putSecondsP99
      sum.getSecondsP90 = earlier.getSecondsP90
      sum.getSecondsP99 = earlier.getSecondsP99
    }
    sum.occupancy = ElapsedShare(occupancy, of: elapsedSeconds)
      .adding(ElapsedShare(earlier.occupancy, of: earlier.elapsedSeconds))
    return sum
  }
}

extension [StageStatistics] {
  /// What each stage has done in two workers; see `StageStatistics.adding`. Stages are told apart by their names.
  ///
  /// - Complexity: O(stages).
  public func adding(_ earlier: [StageStatistics]) -> [StageStatistics] {
    let byName = Dictionary(earlier.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return map { stage in byName[stage.name].map(stage.adding) ?? stage }
  }
}
