/// Statistics of stages as an aligned table, for people.
///
///     stage       tasks/s  tasks  failed  filtered      mean       p50     p99  busy  blocked  starved
///     source        28752  57504       0         0    0.2 us    0.2 us  0.9 us   4 %     96 %      0 %
///     decode x12     3049   6098       3        20  688.8 us  600.0 us  1.1 ms  99 %      0 %      1 %
public struct StatisticsTable: Sendable, CustomStringConvertible {
  private let stages: [StageStatistics]

  public init(_ stages: [StageStatistics]) {
    self.stages = stages
  }

  public var description: String {
    var rows = [
      ["stage", "tasks/s", "tasks", "failed", "filtered", "mean", "p50", "p99", "busy", "blocked", "starved"]
    ]
    for stage in stages {
      let name = stage.concurrency > 1 ? "\(stage.name) x\(stage.concurrency)" : stage.name
      rows.append([
        name, "\(Int(stage.tasksPerSecond.rounded()))", "\(stage.taskCount)", "\(stage.failureCount)",
        "\(stage.filteredCount)", HumanUnits.seconds(stage.meanTaskSeconds), HumanUnits.seconds(stage.taskSecondsP50),
        HumanUnits.seconds(stage.taskSecondsP99), HumanUnits.share(stage.busy), HumanUnits.share(stage.blocked),
        HumanUnits.share(stage.starved),
      ])
    }
    return TextTable(rows).description
  }
}
