/// Statistics of stages for people: what each did, how it spent its time, the queues behind the stages, and the
/// bottleneck.
///
///     stage       tasks/s   tasks  failed  filtered
///     source       28,752  57,504       0         0
///     decode x12    3,049   6,098       3        20
///
///     stage           mean       p50     p99  busy  blocked  starved
///     source        0.2 us    0.2 us  0.9 us   4 %     96 %      0 %
///     decode x12  688.8 us  600.0 us  1.1 ms  99 %      0 %      1 %
///
///     queue behind   bytes/s  put wait  get wait  queue wait  occupancy
///     source        1.4 GB/s  650.0 us    0.0 us      2.6 ms      100 %
///     decode               -    0.0 us  180.0 us     20.0 us       12 %
///
///     bottleneck: "decode" has 99 % of its concurrency at work. Raise its concurrency
///     from 12 to 24, or make it cheaper (11.9 threads are at work).
///
/// Several aligned tables, because one of all columns would not fit into a terminal of 80. That of the queues is there
/// once something has passed one; its waits are means over items. A further one tells of retries, timeouts and
/// quarantine where there were any.
public struct StatisticsTable: Sendable, CustomStringConvertible {
  private let stages: [StageStatistics]
  private let verdict: BottleneckVerdict?

  /// Tables of these stages, one row each, in their order, and the verdict that they allow by themselves.
  public init(_ stages: [StageStatistics]) {
    self.init(stages, verdict: BottleneckVerdict(of: stages))
  }

  /// Tables of these stages, and a verdict that more is known for; nil leaves it out.
  public init(_ stages: [StageStatistics], verdict: BottleneckVerdict?) {
    self.stages = stages
    self.verdict = verdict
  }

  /// The tables with their headings and the verdict, an empty line between them; the last line has no line feed.
  public var description: String {
    var parts = ["\(TextTable(work))", "\(TextTable(time))"]
    if stages.contains(where: { $0.output.itemCount > 0 }) { parts.append("\(TextTable(queues))") }
    let troubled = stages.filter { $0.retryCount > 0 || $0.timeoutCount > 0 || $0.quarantinedCount > 0 }
    if !troubled.isEmpty { parts.append("\(TextTable(trouble(troubled)))") }
    if let verdict { parts.append(WrappedText.of("bottleneck: \(verdict)")) }
    return parts.joined(separator: "\n\n")
  }

  private var work: [[String]] {
    [["stage", "tasks/s", "tasks", "failed", "filtered"]]
      + stages.map { stage in
        [
          name(stage), HumanUnits.decimal(stage.tasksPerSecond, places: 0), HumanUnits.count(stage.taskCount),
          HumanUnits.count(stage.failureCount), HumanUnits.count(stage.filteredCount),
        ]
      }
  }

  private var time: [[String]] {
    [["stage", "mean", "p50", "p99", "busy", "blocked", "starved"]]
      + stages.map { stage in
        [
          name(stage), HumanUnits.seconds(stage.meanTaskSeconds), HumanUnits.seconds(stage.taskSecondsP50),
          HumanUnits.seconds(stage.taskSecondsP99), HumanUnits.share(stage.busy), HumanUnits.share(stage.blocked),
          HumanUnits.share(stage.starved),
        ]
      }
  }

  private var queues: [[String]] {
    [["queue behind", "bytes/s", "put wait", "get wait", "queue wait", "occupancy"]]
      + stages.map { stage in
        let queue = stage.output
        return [
          stage.name, queue.byteCount > 0 ? HumanUnits.bytesPerSecond(queue.bytesPerSecond) : "-",
          HumanUnits.seconds(queue.meanPutSeconds), HumanUnits.seconds(queue.meanGetSeconds),
          HumanUnits.seconds(queue.meanQueueSeconds), HumanUnits.share(queue.occupancy),
        ]
      }
  }

  private func trouble(_ stages: [StageStatistics]) -> [[String]] {
    [["stage", "retries", "timeouts", "quarantined"]]
      + stages.map { stage in
        [
          name(stage), HumanUnits.count(stage.retryCount), HumanUnits.count(stage.timeoutCount),
          HumanUnits.count(stage.quarantinedCount),
        ]
      }
  }

  private func name(_ stage: StageStatistics) -> String {
    stage.concurrency > 1 ? "\(stage.name) x\(stage.concurrency)" : stage.name
  }
}
