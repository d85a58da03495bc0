import Headrace
import HeadraceSystem

/// `headrace-bench neighbour`: what a loader costs the training step beside it, by where it works and how busy it is.
enum NeighbourBench {
  private static let leastShare = 0.99
  private static let mostP99Ratio = 1.02
  private static let mostLimitRatio = 1.02

  static func run(_ report: consuming Report, python: String) throws {
    report.begin(
      "neighbour", pinned: [],
      columns: [
        "placement", "load", "step p50", "p99", "of headspace", "p99 to cached", "p99 of all to idle loops",
        "no processor p99", "loader, of all CPU", "samples/s",
        "wake p50", "p99",
      ])
    let calibration = try NeighbourCalibration.measure(python: python)
    var cached = NeighbourTrial(.cached, loadPercent: 0)
    var trials = [25, 50, 100].flatMap { percent in
      NeighbourPlacement.allCases.filter { $0 != .cached && ($0 != .idleLoops || percent == 100) }
        .map { NeighbourTrial($0, loadPercent: percent) }
    }
    // In turn, so that what else the machine does falls on all of them.
    let (rounds, barRounds, steps) = report.isBrief ? (1, 1, 10) : (7, 15, 100)
    for round in 0..<barRounds {
      try cached.run(calibration, steps: steps)
      for index in trials.indices where round < rounds || isOfBars(trials[index]) {
        try trials[index].run(calibration, steps: steps)
      }
    }
    let limit = trials.first { $0.placement == .idleLoops } ?? cached
    for trial in [cached] + trials {
      let note = trial.steps.isEmpty ? calibration.spdl.absence : ""
      add(trial, cached, limit, note: note, to: &report)
    }
    let isolated = trials.filter { $0.placement == .isolated && $0.loadPercent == 100 }
    report.end(isolated.flatMap { bars($0, cached, limit) })
  }

  /// What the bars are about takes more steps, since a p99 is uncertain.
  private static func isOfBars(_ trial: NeighbourTrial) -> Bool {
    trial.loadPercent == 100 && (trial.placement == .isolated || trial.placement == .idleLoops)
  }

  /// - Parameter note: why nothing was measured; empty if it was.
  private static func add(
    _ trial: NeighbourTrial, _ cached: NeighbourTrial, _ limit: NeighbourTrial, note: String, to report: inout Report
  ) {
    let isMeasured = !trial.steps.isEmpty
    let wakes = trial.wakes.isEmpty ? nil : Quantiles(trial.wakes)
    func measured(_ value: Double) -> Double? { isMeasured ? value : nil }
    let median = measured(trial.median), p99 = measured(trial.p99)
    let share = measured(cached.median / trial.median), ratio = measured(trial.p99 / cached.p99)
    let limitRatio = measured(trial.p99OfAllSteps / limit.p99OfAllSteps)
    let delay = measured(trial.delays.isEmpty ? 0 : Quantiles(trial.delays)[0.99] ?? 0)
    let cpuShare = measured(trial.meanLoaderCores / Double(Machine.current.cores))
    var line = JSONLine()
    line.add("bench", "neighbour")
    line.add("placement", trial.placement.rawValue)
    line.add("load_percent", trial.loadPercent)
    line.add("step_ms_p50", median.map { $0 * 1e3 }, places: 3)
    line.add("step_ms_p99", p99.map { $0 * 1e3 }, places: 3)
    line.add("step_ms_p99_all", measured(trial.p99OfAllSteps * 1e3), places: 3)
    line.add("share_of_headspace", share, places: 4)
    line.add("p99_ratio", ratio, places: 4)
    line.add("p99_all_to_idle_loops", limitRatio, places: 4)
    line.add("step_delay_ms_p99", delay.map { $0 * 1e3 }, places: 3)
    line.add("loader_cpu_share", cpuShare, places: 4)
    line.add("samples_per_second", measured(trial.meanSamplesPerSecond), places: 1)
    line.add("wake_us_p50", (wakes?[0.5]).map { $0 * 1e6 }, places: 1)
    line.add("wake_us_p99", (wakes?[0.99]).map { $0 * 1e6 }, places: 1)
    line.add("steps", trial.steps.count)
    line.add("note", note)
    func text(_ value: Double?, _ show: (Double) -> String) -> String { value.map(show) ?? "" }
    report.add(
      line,
      [
        trial.placement.rawValue, "\(trial.loadPercent) %",
        isMeasured ? text(median, HumanUnits.seconds) : note, text(p99, HumanUnits.seconds),
        text(share) { HumanUnits.decimal($0, places: 3) }, text(ratio) { HumanUnits.decimal($0, places: 3) },
        text(limitRatio) { HumanUnits.decimal($0, places: 3) }, text(delay, HumanUnits.seconds),
        text(cpuShare) { HumanUnits.decimal($0 * 100, places: 0) + " %" },
        text(measured(trial.meanSamplesPerSecond)) { HumanUnits.count(Int($0)) },
        text(wakes?[0.5], HumanUnits.seconds), text(wakes?[0.99], HumanUnits.seconds),
      ])
  }

  private static func bars(_ trial: NeighbourTrial, _ cached: NeighbourTrial, _ limit: NeighbourTrial) -> [Bar] {
    let share = cached.median / trial.median
    let ratio = trial.p99 / cached.p99
    let limitRatio = trial.p99OfAllSteps / limit.p99OfAllSteps
    return [
      Bar(
        claim: "isolated, the loader taking all that is left: at least 0.99 of headspace",
        value: HumanUnits.decimal(share, places: 3), isMet: share >= leastShare),
      Bar(
        claim: "its p99 within 1.02 of the cached run's", value: HumanUnits.decimal(ratio, places: 3),
        isMet: ratio <= mostP99Ratio),
      Bar(
        claim: "the p99 of all its steps no more than beside idle loops, which no loader can do without",
        value: HumanUnits.decimal(limitRatio, places: 3), isMet: limitRatio <= mostLimitRatio),
    ]
  }
}
