import Headrace
import HeadraceSystem

/// Steps of a trainer beside a loader of one placement, gathered over some processes.
struct NeighbourTrial {
  let placement: NeighbourPlacement
  /// What the loader is asked for, in percent of what it makes alone; 100: all that it can make.
  let loadPercent: Int
  /// Seconds of each step.
  private(set) var steps: [Double] = []
  /// Seconds in each step in which the trainer's thread was ready and had no processor.
  private(set) var delays: [Double] = []
  /// What 99 of 100 steps of each process do not exceed, in seconds.
  private var tails: [Double] = []
  /// Seconds from a publication to the return of `next`, where the trainer waited.
  private(set) var wakes: [Double] = []
  /// Processors' worth of time that the loader used, and samples that it made per second, of each process.
  private var loaderCores: [Double] = []
  private var samplesPerSecond: [Double] = []

  init(_ placement: NeighbourPlacement, loadPercent: Int) {
    self.placement = placement
    self.loadPercent = loadPercent
  }

  /// Runs one process of so many steps; none where the loader is not there.
  mutating func run(_ calibration: NeighbourCalibration, steps count: Int) throws {
    if placement == .spdl, !calibration.spdl.absence.isEmpty { return }
    let output =
      placement == .spdl
      ? try calibration.spdl.run(calibration, loadPercent: loadPercent, steps: count)
      : try Program.runSelf([
        "neighbour-child", placement.rawValue, String(calibration.rounds),
        String(NeighbourCalibration.batchSize(loadPercent, capacity: calibration.capacity)),
        loadPercent == 100 ? "all" : "batch", String(count),
      ])
    let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
    let measured = lines.filter { $0.first == "step" && $0.count == 3 }
    let times = measured.compactMap { Double($0[1]) }
    guard times.count == count else { throw Unreadable(placement: placement, count: times.count) }
    steps += times.map { $0 / 1e9 }
    delays += measured.compactMap { Double($0[2]) }.map { $0 / 1e9 }
    tails.append((Quantiles(times)[0.99] ?? 0) / 1e9)
    wakes += lines.filter { $0.first == "wake" }.compactMap { Double($0[1]) }.map { $0 / 1e9 }
    if let loader = lines.first(where: { $0.first == "loader" && $0.count == 3 }) {
      loaderCores.append(Double(loader[1]) ?? 0)
      samplesPerSecond.append(Double(loader[2]) ?? 0)
    }
  }

  var median: Double { Quantiles(steps).median }
  /// The median of the processes': what another program of the machine does for some seconds is in few of them.
  var p99: Double { Quantiles(tails).median }
  var p99OfAllSteps: Double { Quantiles(steps)[0.99] ?? 0 }
  var meanLoaderCores: Double { Self.mean(loaderCores) }
  var meanSamplesPerSecond: Double { Self.mean(samplesPerSecond) }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  private struct Unreadable: Error, CustomStringConvertible {
    let placement: NeighbourPlacement
    let count: Int
    var description: String { "the trainer beside \(placement.rawValue) told of \(count) steps" }
  }
}

/// What is measured on the quiet machine first.
struct NeighbourCalibration {
  /// Rounds of the host's work for one launch.
  let rounds: Int
  /// Samples per second that the loader makes when nothing else runs.
  let capacity: Double
  /// The rival, with its own capacity.
  let spdl: SPDLNeighbour

  static func measure(python: String) throws -> NeighbourCalibration {
    let output = try Program.runSelf(["neighbour-child", "calibrate"])
    var values: [Substring: Double] = [:]
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2 { values[words[0]] = Double(words[1]) }
    }
    return NeighbourCalibration(
      rounds: Int(values["rounds"] ?? 1), capacity: values["capacity"] ?? 1,
      spdl: SPDLNeighbour(python: python))
  }

  /// Samples that a step of 20 ms takes of a loader that is asked for a share of its capacity.
  static func batchSize(_ percent: Int, capacity: Double) -> Int {
    let stepSeconds =
      Double(SimulatedStep.acceleratorNanoseconds) * Double(SimulatedStep.launchCount) / 1e9
    return max(1, Int(capacity * stepSeconds * Double(min(percent, 50)) / 100))
  }
}
