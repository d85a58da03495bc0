import Headrace
import HeadraceSystem

/// `headrace-bench neighbour`: what a loader costs the training step beside it, by where it works and how busy it is.
enum NeighbourBench {
  private static let leastShare = 0.99
  private static let mostP99Ratio = 1.02

  static func run(_ report: consuming Report) throws {
    report.begin(
      "neighbour", pinned: [],
      columns: [
        "placement", "load", "step p50", "p99", "of headspace", "p99 to cached", "loader, of all CPU", "samples/s",
      ])
    let calibration = try NeighbourCalibration.measure()
    var cached = NeighbourTrial(.cached, loadPercent: 0)
    var trials = [25, 50, 100].flatMap { percent in
      NeighbourPlacement.allCases.filter { $0 != .cached }.map { NeighbourTrial($0, loadPercent: percent) }
    }
    // In turn, so that what else the machine does falls on all of them.
    let (rounds, steps) = report.isBrief ? (1, 10) : (2, 300)
    for _ in 0..<rounds {
      try cached.run(calibration, steps: steps)
      for index in trials.indices { try trials[index].run(calibration, steps: steps) }
    }
    for trial in [cached] + trials { add(trial, cached, to: &report) }
    let isolated = trials.filter { $0.placement == .isolated && $0.loadPercent == 100 }
    report.end(isolated.flatMap { bars($0, cached) })
  }

  private static func add(_ trial: NeighbourTrial, _ cached: NeighbourTrial, to report: inout Report) {
    let share = cached.median / trial.median
    let ratio = trial.p99 / cached.p99
    let cpuShare = trial.meanLoaderCores / Double(Machine.current.cores)
    var line = JSONLine()
    line.add("bench", "neighbour")
    line.add("placement", trial.placement.rawValue)
    line.add("load_percent", trial.loadPercent)
    line.add("step_ms_p50", trial.median * 1e3, places: 3)
    line.add("step_ms_p99", trial.p99 * 1e3, places: 3)
    line.add("share_of_headspace", share, places: 4)
    line.add("p99_ratio", ratio, places: 4)
    line.add("loader_cpu_share", cpuShare, places: 4)
    line.add("samples_per_second", trial.meanSamplesPerSecond, places: 1)
    line.add("steps", trial.steps.count)
    report.add(
      line,
      [
        trial.placement.rawValue, "\(trial.loadPercent) %", HumanUnits.seconds(trial.median),
        HumanUnits.seconds(trial.p99),
        HumanUnits.decimal(share, places: 3), HumanUnits.decimal(ratio, places: 3),
        HumanUnits.decimal(cpuShare * 100, places: 0) + " %", HumanUnits.count(Int(trial.meanSamplesPerSecond)),
      ])
  }

  private static func bars(_ trial: NeighbourTrial, _ cached: NeighbourTrial) -> [Bar] {
    let share = cached.median / trial.median
    let ratio = trial.p99 / cached.p99
    return [
      Bar(
        claim: "isolated, the loader taking all that is left: at least 0.99 of headspace",
        value: HumanUnits.decimal(share, places: 3), isMet: share >= leastShare),
      Bar(
        claim: "its p99 within 1.02 of the cached run's", value: HumanUnits.decimal(ratio, places: 3),
        isMet: ratio <= mostP99Ratio),
    ]
  }
}
