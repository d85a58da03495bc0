import HeadraceCore

/// What a run has counted until a moment. The difference of two is a lap.
struct TuningCounters: Sendable, Hashable {
  /// What a stage has counted.
  struct Stage: Sendable, Hashable {
    var callCount = 0
    var callNanoseconds: UInt64 = 0
    /// Summed over lanes, or operations, at work.
    var laneNanoseconds: UInt64 = 0
    var resultByteCount = 0
  }

  /// On the engine's clock, in nanoseconds.
  var time: UInt64
  var progress: ConsumerProgress
  var cpuNanoseconds: UInt64
  var laneCount: Int
  var byteCountInFlight: Int
  var stages: [Stage]

  /// What happened since `earlier`; nil if no time has passed.
  ///
  /// Counters are read one after the other while the run goes on, so one can lag behind another: what is counted late
  /// is part of the next lap, and no difference is below 0.
  func lap(since earlier: TuningCounters) -> TuningLap? {
    guard time > earlier.time else { return nil }
    func seconds(_ now: UInt64, _ before: UInt64) -> Double { Double(now.beyond(before)) / 1e9 }
    let stages = zip(stages, earlier.stages).map { now, before in
      StageLap(
        callCount: now.callCount.beyond(before.callCount),
        callSeconds: seconds(now.callNanoseconds, before.callNanoseconds),
        laneSeconds: seconds(now.laneNanoseconds, before.laneNanoseconds),
        resultByteCount: now.resultByteCount.beyond(before.resultByteCount))
    }
    return TuningLap(
      seconds: seconds(time, earlier.time), stepCount: progress.takenCount.beyond(earlier.progress.takenCount),
      waitSeconds: seconds(progress.waitNanoseconds, earlier.progress.waitNanoseconds),
      cpuSeconds: seconds(cpuNanoseconds, earlier.cpuNanoseconds), laneCount: laneCount,
      byteCountInFlight: byteCountInFlight, stages: stages)
  }
}

extension TuningCounters.Stage {
  /// What automatic concurrency looks at, of a stage at one moment.
  init(_ snapshot: StageSnapshot) {
    self.init(
      callCount: snapshot.counts.tasks, callNanoseconds: snapshot.counts.nanoseconds,
      laneNanoseconds: snapshot.counts.times.atWork, resultByteCount: snapshot.counts.flow.byteCount)
  }
}
