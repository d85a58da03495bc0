import Headrace
import HeadraceSystem

/// `headrace-bench recovery`: processes of loaders that are killed at random moments, and what the trainer sees of it.
enum RecoveryBench {
  private static let mostMedian = 50.0
  /// Processes that call the closures; 0: the worker does.
  private static let sizes = [0, 1, 2, 4]

  static func run(_ report: consuming Report) throws {
    report.begin(
      "recovery", pinned: [],
      columns: [
        "workers", "killed", "recovery p50", "max", "longest wait", "lost", "duplicated", "order violations",
        "restarts",
      ])
    let kills = report.isBrief ? 9 : 300
    var outcomes: [RecoveryOutcome] = []
    for workers in sizes {
      let outcome = try RecoveryOutcome(
        workers: workers, output: try Program.runSelf(["recovery-child", String(kills), String(workers)]))
      for kind in KillKind.allCases { add(kind, outcome, &report) }
      add(outcome, &report)
      outcomes.append(outcome)
    }
    report.end(outcomes.flatMap(bars))
  }

  private static func add(_ kind: KillKind, _ outcome: RecoveryOutcome, _ report: inout Report) {
    let times = outcome.times(kind)
    var line = JSONLine()
    line.add("bench", "recovery_kind")
    line.add("workers", outcome.workers)
    line.add("kind", kind.rawValue)
    line.add("kills", times.count)
    let quantiles = Quantiles(times)
    line.add("recovery_ms_p50", times.isEmpty ? nil : quantiles.median, places: 3)
    line.add("recovery_ms_max", quantiles[1], places: 3)
    report.add(
      line,
      [
        outcome.name, "\(times.count) by \(kind.rawValue)", HumanUnits.seconds(quantiles.median / 1e3),
        HumanUnits.seconds((quantiles[1] ?? 0) / 1e3), "", "", "", "", "",
      ])
  }

  private static func add(_ outcome: RecoveryOutcome, _ report: inout Report) {
    let times = outcome.times()
    let quantiles = Quantiles(times)
    var line = JSONLine()
    line.add("bench", "recovery")
    line.add("workers", outcome.workers)
    line.add("kills", times.count)
    line.add("recovery_ms_p50", quantiles.median, places: 3)
    line.add("recovery_ms_max", quantiles[1], places: 3)
    line.add("longest_wait_ms", outcome.longestWait, places: 3)
    line.add("lost", outcome.lost)
    line.add("duplicated", outcome.duplicated)
    line.add("order_violations", outcome.orderViolations)
    line.add("left_out", outcome.leftOut)
    line.add("restarts", outcome.restarts)
    report.add(
      line,
      [
        outcome.name, "\(times.count)", HumanUnits.seconds(quantiles.median / 1e3),
        HumanUnits.seconds((quantiles[1] ?? 0) / 1e3), HumanUnits.seconds(outcome.longestWait / 1e3), "\(outcome.lost)",
        "\(outcome.duplicated)", "\(outcome.orderViolations)", "\(outcome.restarts)",
      ])
  }

  private static func bars(_ outcome: RecoveryOutcome) -> [Bar] {
    let median = Quantiles(outcome.times()).median
    let faults = (outcome.lost, outcome.duplicated, outcome.orderViolations)
    return [
      Bar(
        claim: "\(outcome.name): death to the next batch, at most 50 ms at p50",
        value: HumanUnits.seconds(median / 1e3),
        isMet: median <= mostMedian),
      Bar(
        claim: "\(outcome.name): nothing lost, nothing twice, order unchanged",
        value: "\(faults.0), \(faults.1), \(faults.2)",
        isMet: faults == (0, 0, 0)),
    ]
  }
}
