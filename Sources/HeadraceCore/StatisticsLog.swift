/// Statistics of stages for a log: two lines a stage, one of its calls and one of the queue behind it.
///
///     decode x2: completed 6,098 tasks (3 failed, 20 filtered). Mean 688.8 us, p90 1.0 ms, p99 1.1 ms; busy 99 %, ...
///     decode queue: passed 6,075 items in 2.00 s (3,038/s, 1.4 GB/s). Put wait 0.0 us (p90 ..., p99 ...), get wait ...
///
/// For a line of each interval, make it of what `StageStatistics.since` returns.
public struct StatisticsLog: Sendable, CustomStringConvertible {
  /// The lines without line feeds: of each stage in its order, the calls, then the queue if anything has passed it.
  public let lines: [String]

  /// The lines of these stages.
  public init(_ stages: [StageStatistics]) {
    lines = stages.flatMap { stage in
      [Self.calls(stage)] + (stage.output.itemCount > 0 ? [Self.queue(stage)] : [])
    }
  }

  /// The lines; the last has no line feed.
  public var description: String { lines.joined(separator: "\n") }

  private static func calls(_ stage: StageStatistics) -> String {
    let name = stage.concurrency > 1 ? "\(stage.name) x\(stage.concurrency)" : stage.name
    let counts = [
      (stage.failureCount, "failed"), (stage.filteredCount, "filtered"), (stage.retryCount, "retried"),
      (stage.timeoutCount, "timed out"), (stage.quarantinedCount, "quarantined"),
    ]
    // Failures are told even when there are none: that is what a log is searched for.
    let told = counts.enumerated().filter { $0.offset == 0 || $0.element.0 != 0 }
      .map { "\(HumanUnits.count($0.element.0)) \($0.element.1)" }.joined(separator: ", ")
    return "\(name): completed \(HumanUnits.count(stage.taskCount, "task")) (\(told)). Mean"
      + " \(HumanUnits.seconds(stage.meanTaskSeconds)), p90 \(HumanUnits.seconds(stage.taskSecondsP90)), p99"
      + " \(HumanUnits.seconds(stage.taskSecondsP99)); busy \(HumanUnits.share(stage.busy)), blocked"
      + " \(HumanUnits.share(stage.blocked)), starved \(HumanUnits.share(stage.starved))."
  }

  private static func queue(_ stage: StageStatistics) -> String {
    let queue = stage.output
    let rates =
      "\(HumanUnits.decimal(queue.itemsPerSecond, places: 0))/s"
      + (queue.byteCount > 0 ? ", \(HumanUnits.bytesPerSecond(queue.bytesPerSecond))" : "")
    func wait(_ word: String, _ mean: Double, _ p90: Double, _ p99: Double) -> String {
      "\(word) \(HumanUnits.seconds(mean)) (p90 \(HumanUnits.seconds(p90)), p99 \(HumanUnits.seconds(p99)))"
    }
    return "\(stage.name) queue: passed \(HumanUnits.count(queue.itemCount, "item")) in"
      + " \(HumanUnits.seconds(queue.elapsedSeconds)) (\(rates))."
      + " \(wait("Put wait", queue.meanPutSeconds, queue.putSecondsP90, queue.putSecondsP99)),"
      + " \(wait("get wait", queue.meanGetSeconds, queue.getSecondsP90, queue.getSecondsP99)),"
      + " queue wait \(HumanUnits.seconds(queue.meanQueueSeconds)); occupancy \(HumanUnits.share(queue.occupancy))."
  }
}
