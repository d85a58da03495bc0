/// What the autotuner remembers about one stage.
struct StageTuning: Sendable, Hashable {
  /// Where a rise began.
  struct Climb: Sendable, Hashable {
    var yield: TuningYield
    /// How many times as much could be made before all cores were at work.
    var room: Double
  }

  /// More than this was tried, and gave nothing or was not allowed.
  struct Ceiling: Sendable, Hashable {
    var concurrency: Int
    /// The most calls a second that the stage has given. While it gives as many, it is not raised, even below the
    /// ceiling.
    var callsPerSecond: Double
    var barrier: TuningBarrier
  }

  let stage: TunedStage
  var concurrency: Int
  /// With less than this the trainer waited.
  var floor: Int?
  var ceiling: Ceiling?
  var climb: Climb?
  /// From where it was last lowered: as many were known to suffice. Whatever it is raised to afterwards is a floor, so
  /// it does not go down and up again.
  var loweredFrom: Int?

  init(_ stage: TunedStage) {
    self.stage = stage
    concurrency = stage.concurrency
  }

  /// Whether there is anything to decide about it.
  var isTunable: Bool { stage.range.count > 1 }

  /// What was learnt under other conditions is void.
  mutating func forget() {
    floor = nil
    ceiling = nil
    climb = nil
    loweredFrom = nil
  }
}
