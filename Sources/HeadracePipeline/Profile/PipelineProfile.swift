import HeadraceCore

/// How quick each stage of a pipeline is by itself: what limits it, and which concurrency helps.
///
///     stage         x1     x2     x4     x8  enough
///     source   412,003      -      -      -      x1
///     decode       771  1,508  1,512  1,490      x2
///
/// Items per second; `enough` is the least concurrency within a tenth of the best.
public struct PipelineProfile: Sendable, CustomStringConvertible {
  /// In the order of the pipeline.
  public var stages: [StageProfile]

  /// The table.
  public var description: String {
    let columns = Set(stages.flatMap { $0.points.map(\.concurrency) }).sorted()
    var rows = [["stage"] + columns.map { "x\($0)" } + ["enough"]]
    for stage in stages {
      let cells = columns.map { concurrency in
        stage.points.first { $0.concurrency == concurrency }.map { HumanUnits.decimal($0.itemsPerSecond, places: 0) }
          ?? "-"
      }
      rows.append([stage.name] + cells + [stage.knee.map { "x\($0)" } ?? "-"])
    }
    return "\(TextTable(rows))"
  }
}
