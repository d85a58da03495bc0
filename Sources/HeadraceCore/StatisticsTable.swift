/// Statistics of stages as an aligned table, for people.
///
///     stage       tasks/s   tasks  failed  filtered      mean       p50     p99  busy  blocked  starved
///     source       28,752  57,504       0         0    0.2 us    0.2 us  0.9 us   4 %     96 %      0 %
///     decode x12    3,049   6,098       3        20  688.8 us  600.0 us  1.1 ms  99 %      0 %      1 %
public struct StatisticsTable: Sendable, CustomStringConvertible {
  private let stages: [StageStatistics]

  /// A table of these stages, one row each, in their order.
  public init(_ stages: [StageStatistics]) {
    self.stages = stages
  }

  /// The table with its heading: several lines, the last without a line feed.
  public var description: String {
    var rows = [
      ["stage", "tasks/s", "tasks", "failed", "filtered", "mean", "p50", "p99", "busy", "blocked", "starved"]
    ]
    for stage in stages {
      let name = stage.concurrency > 1 ? "\(stage.name) x\(stage.concurrency)" : stage.name
      rows.append([
        name, HumanUnits.decimal(stage.tasksPerSecond, places: 0), HumanUnits.count(stage.taskCount),
        HumanUnits.count(stage.failureCount), HumanUnits.count(stage.filteredCount),
        HumanUnits.seconds(stage.meanTaskSeconds), HumanUnits.seconds(stage.taskSecondsP50),
        HumanUnits.seconds(stage.taskSecondsP99), HumanUnits.share(stage.busy), HumanUnits.share(stage.blocked),
        HumanUnits.share(stage.starved),
      ])
    }
    return TextTable(rows).description
  }
}
