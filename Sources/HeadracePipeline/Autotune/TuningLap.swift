/// What a pipeline did in one period of the autotuner, 200 ms unless the engine chooses otherwise; or in several, since
/// laps add up.
package struct TuningLap: Sendable, Hashable {
  /// How long it was, in seconds, above 0.
  package var seconds: Double
  /// Batches that the trainer took, so steps that it made.
  package var stepCount: Int
  /// Seconds that the trainer waited for a batch, at most `seconds`.
  package var waitSeconds: Double
  /// CPU time of the process, in seconds.
  package var cpuSeconds: Double
  /// Lanes that all stages share.
  package var laneCount: Int
  /// Bytes of samples in flight at the end of the lap; of several laps the most.
  package var byteCountInFlight: Int
  /// One for each stage, in the pipeline's order.
  package var stages: [StageLap]

  package init(
    seconds: Double, stepCount: Int, waitSeconds: Double, cpuSeconds: Double, laneCount: Int,
    byteCountInFlight: Int = 0, stages: [StageLap]
  ) {
    self.seconds = seconds
    self.stepCount = stepCount
    self.waitSeconds = waitSeconds
    self.cpuSeconds = cpuSeconds
    self.laneCount = laneCount
    self.byteCountInFlight = byteCountInFlight
    self.stages = stages
  }

  /// No time, in which nothing happened.
  init(stageCount: Int) {
    self.init(
      seconds: 0, stepCount: 0, waitSeconds: 0, cpuSeconds: 0, laneCount: 0,
      stages: Array(repeating: StageLap(), count: stageCount))
  }

  /// Appends another lap. A trainer cannot have waited longer than the lap was.
  mutating func add(_ other: TuningLap) {
    seconds += other.seconds
    stepCount += other.stepCount
    waitSeconds += min(other.waitSeconds, other.seconds)
    cpuSeconds += other.cpuSeconds
    laneCount = other.laneCount
    byteCountInFlight = max(byteCountInFlight, other.byteCountInFlight)
    for index in stages.indices { stages[index].add(other.stages[index]) }
  }
}
