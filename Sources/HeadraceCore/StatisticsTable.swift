/// Statistics of stages for people: what each did, and below that how it spent its time.
///
///     stage       tasks/s   tasks  failed  filtered
///     source       28,752  57,504       0         0
///     decode x12    3,049   6,098       3        20
///
///     stage           mean       p50     p99  busy  blocked  starved
///     source        0.2 us    0.2 us  0.9 us   4 %     96 %      0 %
///     decode x12  688.8 us  600.0 us  1.1 ms  99 %      0 %      1 %
///
/// Two aligned tables, because one of all columns would not fit into a terminal of 80.
public struct StatisticsTable: Sendable, CustomStringConvertible {
  private let stages: [StageStatistics]

  /// Tables of these stages, one row each, in their order.
  public init(_ stages: [StageStatistics]) {
    self.stages = stages
  }

  /// Both tables with their headings and an empty line between them; the last line has no line feed.
  public var description: String {
    var work = [["stage", "tasks/s", "tasks", "failed", "filtered"]]
    var time = [["stage", "mean", "p50", "p99", "busy", "blocked", "starved"]]
    for stage in stages {
      let name = stage.concurrency > 1 ? "\(stage.name) x\(stage.concurrency)" : stage.name
      work.append([
        name, HumanUnits.decimal(stage.tasksPerSecond, places: 0), HumanUnits.count(stage.taskCount),
        HumanUnits.count(stage.failureCount), HumanUnits.count(stage.filteredCount),
      ])
      time.append([
        name, HumanUnits.seconds(stage.meanTaskSeconds), HumanUnits.seconds(stage.taskSecondsP50),
        HumanUnits.seconds(stage.taskSecondsP99), HumanUnits.share(stage.busy), HumanUnits.share(stage.blocked),
        HumanUnits.share(stage.starved),
      ])
    }
    return "\(TextTable(work))\n\n\(TextTable(time))"
  }
}
