/// Notices that the trainer has become quicker or slower.
struct DemandWatch: Sendable, Hashable {
  /// Steps from which the trainer's pace can be told: it is known within 7 % if they vary by 20 %.
  static let leastSteps = 8
  /// By how much the time of a step must differ, as a factor.
  private static let factor = 1.25
  /// In how many observations in a row.
  private static let observationCount = 3
  /// A trainer that waits for more of the time has no pace that could be measured.
  private static let longestWait = 0.95

  enum Verdict: Hashable {
    case same
    /// This observation differs: a pause of the trainer, if it does not last.
    case differs
    /// Demand has changed. Later observations are compared to this one.
    case changed
  }

  /// All observations that are alike.
  private(set) var known: TuningLap
  private var differing = 0

  init(stageCount: Int) {
    known = TuningLap(stageCount: stageCount)
  }

  /// Compares an observation to those before.
  mutating func verdict(on observation: TuningLap) -> Verdict {
    // The time of a step is not known from a few of them.
    guard observation.stepCount >= DemandWatch.leastSteps, let seconds = observation.stepSeconds else { return .same }
    if let before = known.stepSeconds, min(observation.waitShare, known.waitShare) <= Self.longestWait,
      max(seconds, before) > Self.factor * min(seconds, before)
    {
      differing += 1
      guard differing >= Self.observationCount else { return .differs }
      known = observation
      differing = 0
      return .changed
    }
    differing = 0
    known.add(observation)
    return .same
  }
}
