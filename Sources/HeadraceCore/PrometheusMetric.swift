/// One metric of `PrometheusText`: what it is called, and its samples for a stage.
struct PrometheusMetric: Sendable {
  /// Types of metrics, by their names in the format.
  enum Kind: String, Sendable { case counter, gauge, summary }

  /// One line of a metric.
  struct Sample {
    /// What follows the metric's name: `_sum` and `_count` of a summary.
    var suffix = ""
    /// Of a summary, as text: `0.9`.
    var quantile: String?
    var value: Double
  }

  let name: String
  let kind: Kind
  /// One sentence; has neither a backslash nor a line feed, which would have to be escaped.
  let help: String
  let samples: @Sendable (StageStatistics) -> [Sample]

  private static func counter(
    _ name: String, _ help: String, _ value: @escaping @Sendable (StageStatistics) -> Double
  ) -> PrometheusMetric {
    PrometheusMetric(name: "headrace_\(name)_total", kind: .counter, help: help) { [Sample(value: value($0))] }
  }

  private static func counter(
    _ name: String, _ help: String, _ value: @escaping @Sendable (StageStatistics) -> Int
  ) -> PrometheusMetric {
    counter(name, help) { Double(value($0)) }
  }

  private static func gauge(
    _ name: String, _ help: String, _ value: @escaping @Sendable (StageStatistics) -> Int
  ) -> PrometheusMetric {
    PrometheusMetric(name: "headrace_\(name)", kind: .gauge, help: help) { [Sample(value: Double(value($0)))] }
  }

  private static func summary(
    _ name: String, _ help: String, _ values: @escaping @Sendable (StageStatistics) -> Summary
  ) -> PrometheusMetric {
    PrometheusMetric(name: "headrace_\(name)", kind: .summary, help: help) { stage in
      let summary = values(stage)
      return summary.quantiles.map { Sample(quantile: $0, value: $1) } + [
        Sample(suffix: "_sum", value: summary.sum), Sample(suffix: "_count", value: Double(summary.count)),
      ]
    }
  }

  /// What a summary says of a stage.
  private struct Summary {
    let quantiles: KeyValuePairs<String, Double>
    let sum: Double
    let count: Int
  }

  /// All of them, in the order in which they are written.
  static let all: [PrometheusMetric] = [
    gauge("stage_concurrency", "Samples that the stage may work on at once.") { $0.concurrency },
    gauge("stage_active_tasks", "Calls at work at this moment.") { $0.activeCount },
    counter("stage_tasks", "Calls that ended, failed ones included.") { $0.taskCount },
    counter("stage_failures", "Calls that threw.") { $0.failureCount },
    counter("stage_filtered", "Samples that a filter, or the end of an epoch, left out.") { $0.filteredCount },
    counter("stage_retries", "Calls made again after a failure.") { $0.retryCount },
    counter("stage_timeouts", "Calls that took longer than the stage allows.") { $0.timeoutCount },
    counter("stage_quarantined", "Samples that failed and were kept to be looked at.") { $0.quarantinedCount },
    counter("stage_elapsed_seconds", "Time that the stage has existed.") { $0.elapsedSeconds },
    counter("stage_busy_seconds", "Time in which the stage worked.") { $0.busySeconds },
    counter("stage_blocked_seconds", "Time in which the stage had input but could not go on.") { $0.blockedSeconds },
    counter("stage_starved_seconds", "Time in which the stage had nothing to do.") { $0.starvedSeconds },
    summary("stage_task_seconds", "Duration of one call.") {
      Summary(
        quantiles: ["0.5": $0.taskSecondsP50, "0.9": $0.taskSecondsP90, "0.99": $0.taskSecondsP99],
        sum: $0.taskSeconds, count: $0.taskCount)
    },
    counter("queue_items", "Items taken from the queue behind the stage.") { $0.output.itemCount },
    counter("queue_bytes", "Bytes of those items, where they tell theirs.") { $0.output.byteCount },
    counter("queue_elapsed_seconds", "Time that the queue has existed.") { $0.output.elapsedSeconds },
    counter("queue_occupied_seconds", "Time in which an item was ready to be taken.") { $0.output.occupiedSeconds },
    counter("queue_wait_seconds", "Time that items lay in the queue, summed over them.") { $0.output.queueSeconds },
    summary("queue_put_wait_seconds", "Waiting to put because the queue was full: sum over items, quantiles of waits.")
    {
      Summary(
        quantiles: ["0.9": $0.output.putSecondsP90, "0.99": $0.output.putSecondsP99], sum: $0.output.putSeconds,
        count: $0.output.itemCount)
    },
    summary("queue_get_wait_seconds", "Waiting to get because the queue was empty: sum over items, quantiles of waits.")
    {
      Summary(
        quantiles: ["0.9": $0.output.getSecondsP90, "0.99": $0.output.getSecondsP99], sum: $0.output.getSeconds,
        count: $0.output.itemCount)
    },
  ]
}
