import HeadracePipeline

/// A simulated system and the autotuner that works on it.
final class TuningTrial {
  let system: SimulatedSystem
  var tuner: Autotuner
  private(set) var lapCount = 0
  /// Every decision, with the lap after which it was made.
  private(set) var decisions: [(lap: Int, decision: TuningDecision)] = []
  /// The lap after which the tuner was settled for the first time.
  private(set) var settledLap: Int?

  init(_ system: SimulatedSystem, limits: TuningLimits? = nil) {
    self.system = system
    tuner = Autotuner(
      stages: system.stages.map {
        TunedStage($0.name, concurrency: $0.start, range: 1...$0.maximum)
      },
      limits: limits ?? TuningLimits(coreCount: system.coreCount))
    precondition(tuner.concurrency == system.concurrency)
  }

  var changes: [(lap: Int, decision: TuningDecision)] { decisions.filter(\.decision.isChange) }

  /// Every decision as a line, for the comment of an expectation.
  var log: String { decisions.map { "lap \($0.lap): \($0.decision)" }.joined(separator: "\n") }

  /// What the system does and the tuner decides in so many laps. Returns the share of the time that the trainer waited,
  /// and the cores that were at work.
  @discardableResult func run(laps: Int) -> (wait: Double, cores: Double) {
    var seconds = 0.0
    var wait = 0.0
    var cpu = 0.0
    for _ in 0..<laps {
      let lap = system.lap()
      decisions += tuner.observe(lap).map { (lapCount, $0) }
      system.concurrency = tuner.concurrency
      lapCount += 1
      if settledLap == nil, tuner.isSettled { settledLap = lapCount }
      seconds += lap.seconds
      wait += lap.waitSeconds
      cpu += lap.cpuSeconds
    }
    return (wait / seconds, cpu / seconds)
  }

  /// Runs until the tuner is settled, for so many laps at most. Returns whether it is.
  func settle(within laps: Int) -> Bool {
    let end = lapCount + laps
    while !tuner.isSettled, lapCount < end { run(laps: 1) }
    return tuner.isSettled
  }
}
