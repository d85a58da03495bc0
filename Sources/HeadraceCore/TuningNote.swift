/// What automatic concurrency has decided, as a run tells of it: a change, or a change that would help and cannot be
/// made.
public struct TuningNote: Sendable, Hashable {
  /// Seconds from the start of the run to the decision.
  public var seconds: Double
  /// The stage's name.
  public var stage: String
  /// Samples that it worked on at once.
  public var from: Int
  /// Samples that it works on at once from then on; the same as `from` if nothing changes.
  public var to: Int
  /// Why: a clause with the figures.
  public var reason: String

  /// A note with these values.
  public init(seconds: Double, stage: String, from: Int, to: Int, reason: String) {
    self.seconds = seconds
    self.stage = stage
    self.from = from
    self.to = to
    self.reason = reason
  }
}

extension TuningNote: CustomStringConvertible {
  /// One line, such as `12.4 s: decode 2 -> 4: the trainer waited 31 % of the last 1.0 s, decode is busy 99 % and takes
  /// 5.1 ms a call`.
  public var description: String {
    let change = from == to ? "stays at \(from)" : "\(from) -> \(to)"
    return "\(HumanUnits.decimal(seconds, places: 1)) s: \(stage) \(change): \(reason)"
  }
}
