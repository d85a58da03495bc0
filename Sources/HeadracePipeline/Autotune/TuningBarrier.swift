import HeadraceCore

/// Why a stage is given no more, although the trainer waits.
package enum TuningBarrier: Sendable, Hashable {
  /// The CPU that the process would take with one more, in cores' worth, is more than it is allowed.
  case cpuBudget(cores: Double, allowed: Double)
  /// The bytes that could be in flight with one more are more than are allowed.
  case byteBudget(byteCount: Int, allowed: Int)
  /// All cores of the machine are at work.
  case cores(count: Int)
  /// All lanes are at work, or the stage may use all of them.
  case lanes(count: Int)
  /// It is the most that the stage may have.
  case maximum(Int)
  /// A higher concurrency was tried, and calls took longer instead of becoming more.
  case doesNotScale(from: TuningYield, to: TuningYield)
  /// No stage is at work all the time: the trainer waits for something that more concurrency does not give.
  case nothingBusy(share: Double)
}

extension TuningBarrier: CustomStringConvertible {
  /// A clause with the figures.
  package var description: String {
    switch self {
    case .cpuBudget(let cores, let allowed):
      "one more would take the CPU of \(HumanUnits.decimal(cores, places: 1)) cores,"
        + " and \(HumanUnits.decimal(allowed, places: 1)) are allowed"
    case .byteBudget(let byteCount, let allowed):
      "with one more \(HumanUnits.bytes(byteCount)) could be in flight, and \(HumanUnits.bytes(allowed)) are allowed"
    case .cores(let count): count == 1 ? "the only core is at work" : "all \(count) cores are at work"
    case .lanes(let count): count == 1 ? "there is one thread" : "there are no more than \(count) threads"
    case .maximum(let maximum): "\(maximum) is the most that it may have"
    case .doesNotScale(let from, let to): "\(from), and \(to)"
    case .nothingBusy(let share): "it is the busiest stage and busy for \(HumanUnits.share(share)) only"
    }
  }
}
