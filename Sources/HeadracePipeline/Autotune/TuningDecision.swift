import HeadraceCore

/// A change of one stage's concurrency, or a change that would help and cannot be made, with the figures behind it.
package struct TuningDecision: Sendable, Hashable {
  /// The stage's name.
  package var stage: String
  /// The concurrency it had.
  package var from: Int
  /// The concurrency it has from now on; the same as `from` if it is held.
  package var to: Int
  /// Why.
  package var reason: TuningReason

  /// Whether something changes.
  package var isChange: Bool { from != to }

  init(stage: String, from: Int, to: Int, reason: TuningReason) {
    self.stage = stage
    self.from = from
    self.to = to
    self.reason = reason
  }
}

extension TuningDecision: CustomStringConvertible {
  /// One line, such as `decode 2 -> 4: the trainer waited 31 % of the last 0.4 s, decode is busy 99 % and takes 5.1 ms
  /// a call`.
  package var description: String { "\(stage) \(isChange ? "\(from) -> \(to)" : "stays at \(from)"): \(explanation)" }

  /// The figures behind it: a clause.
  package var explanation: String {
    switch reason {
    case .trainerWaits(let share, let seconds, let busy, let callSeconds):
      "\(waited(share, seconds)), \(stage) is busy \(HumanUnits.share(busy))"
        + " and takes \(HumanUnits.seconds(callSeconds)) a call"
    case .loweredTooFar(let share, let seconds, let busy):
      "with \(from) \(waited(share, seconds)), \(stage) is busy \(HumanUnits.share(busy))"
    case .moreThanNeeded(let lanes, let callsPerSecond, let callSeconds):
      "\(HumanUnits.decimal(callsPerSecond, places: 0)) calls a second of \(HumanUnits.seconds(callSeconds)) each"
        + " need \(HumanUnits.decimal(lanes, places: 1)) lanes"
    case .gaveNothing(let barrier): "more gave nothing: \(barrier)"
    case .overspent(let cores, let allowed):
      "the process used the CPU of \(HumanUnits.decimal(cores, places: 1)) cores,"
        + " and \(HumanUnits.decimal(allowed, places: 1)) are allowed"
    case .held(let barrier, let share, let seconds): "\(waited(share, seconds)), but \(barrier)"
    }
  }

  private func waited(_ share: Double, _ seconds: Double) -> String {
    "the trainer waited \(HumanUnits.share(share)) of the last \(HumanUnits.decimal(seconds, places: 1)) s"
  }
}
