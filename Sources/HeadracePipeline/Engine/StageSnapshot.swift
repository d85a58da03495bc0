import HeadraceCore

/// A stage at one moment, with all that its statistics follow from.
struct StageSnapshot: Sendable, Hashable {
  var name: String
  var concurrency: Int
  var activeCount: Int
  var counts: StageCounts
  /// What those waited who take from the queue behind the stage.
  var getWait: HandWait

  /// The same stage, with what it has done since an earlier look.
  func since(_ earlier: StageSnapshot) -> StageSnapshot {
    var interval = self
    interval.counts = counts.since(earlier.counts)
    interval.getWait = getWait.since(earlier.getWait)
    return interval
  }

  var statistics: StageStatistics {
    let (times, flow) = (counts.times, counts.flow)
    func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
    func share(_ part: UInt64) -> Double { times.total == 0 ? 0 : min(1, Double(part) / Double(times.total)) }
    let output = QueueStatistics(
      itemCount: flow.itemCount, byteCount: flow.byteCount, elapsedSeconds: seconds(times.total),
      putSeconds: seconds(times.putWait.nanoseconds),
      putSecondsP90: seconds(times.putWait.histogram.percentile(0.9)),
      putSecondsP99: seconds(times.putWait.histogram.percentile(0.99)),
      getSeconds: seconds(getWait.nanoseconds), getSecondsP90: seconds(getWait.histogram.percentile(0.9)),
      getSecondsP99: seconds(getWait.histogram.percentile(0.99)), queueSeconds: seconds(flow.waitingNanoseconds),
      occupancy: share(counts.occupied))
    return StageStatistics(
      name: name, concurrency: concurrency, taskCount: counts.tasks, failureCount: counts.failures,
      filteredCount: counts.filtered, retryCount: counts.retries, timeoutCount: counts.timeouts,
      quarantinedCount: counts.quarantined, activeCount: activeCount, elapsedSeconds: seconds(times.total),
      taskSeconds: seconds(counts.nanoseconds), taskSecondsP50: seconds(counts.histogram.percentile(0.5)),
      taskSecondsP90: seconds(counts.histogram.percentile(0.9)),
      taskSecondsP99: seconds(counts.histogram.percentile(0.99)), busy: share(times.busy),
      blocked: share(times.blocked), starved: share(times.starved), output: output)
  }
}
