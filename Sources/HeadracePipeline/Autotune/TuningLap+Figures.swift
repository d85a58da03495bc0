/// What can be read from a lap, or from several added up.
///
/// Little's law is all the theory there is: lanes at work = calls a second x seconds a call. So the lanes that are at
/// work for a stage while the trainer does not wait are the lanes that it needs.
extension TuningLap {
  // MARK: The pipeline

  /// The share of time that the trainer waited, 0 to 1.
  var waitShare: Double { seconds > 0 ? waitSeconds / seconds : 0 }

  /// Seconds that the trainer takes for a step, without waits; nil before the first.
  var stepSeconds: Double? { stepCount > 0 ? (seconds - waitSeconds) / Double(stepCount) : nil }

  /// How many times as much the trainer would take if it never waited. Infinite if it does nothing but wait.
  var unmetGrowth: Double { waitShare < 1 ? 1 / (1 - waitShare) : .infinity }

  /// CPU in use, in cores' worth.
  var cores: Double { seconds > 0 ? cpuSeconds / seconds : 0 }

  // MARK: A stage

  /// Calls that ended.
  func callCount(_ stage: Int) -> Int { stages[stage].callCount }

  /// Lanes at work for the stage, on average.
  func lanesInUse(_ stage: Int) -> Double { seconds > 0 ? stages[stage].laneSeconds / seconds : 0 }

  /// Mean seconds of a call; 0 before one has ended.
  func callSeconds(_ stage: Int) -> Double {
    stages[stage].callCount > 0 ? stages[stage].callSeconds / Double(stages[stage].callCount) : 0
  }

  /// Calls a second by Little's law; 0 before one has ended. Unlike their number in a short time, this does not depend
  /// on whether one has just ended at its edge.
  func throughput(_ stage: Int) -> Double {
    callSeconds(stage) > 0 ? lanesInUse(stage) / callSeconds(stage) : 0
  }

  /// Mean bytes of a result; 0 before there is one.
  func bytesPerResult(_ stage: Int) -> Double {
    stages[stage].callCount > 0 ? Double(stages[stage].resultByteCount) / Double(stages[stage].callCount) : 0
  }
}
