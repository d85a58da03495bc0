/// When an observation is long enough to be judged.
///
/// A lap is too short for that where calls or steps are long: three calls that happened to end in it say little, and a
/// step of a second is seen in one lap of five. So laps are added up until chance has evened out: over 64 calls that
/// vary by 20 % their mean is known within 2.5 %, and over eight steps the trainer's pace within 7 %. While the trainer
/// waits most of the time something is clearly missing, and a quarter of the calls will do to find what.
extension Autotuner {
  var isTrainerWaiting: Bool { observation.waitShare > limits.tolerableWait }

  /// The share of its concurrency that a stage had at work.
  func busyShare(_ stage: Int) -> Double { observation.lanesInUse(stage) / Double(stages[stage].concurrency) }

  /// The busiest stage; nil if there is none.
  var busiest: Int? { stages.indices.max { busyShare($0) < busyShare($1) } }

  var isComplete: Bool {
    if observation.waitShare > 0.5, !isSettled { return busiest.map { hasEnded(16, perHand: 2, in: $0) } ?? false }
    guard observation.stepCount >= DemandWatch.leastSteps, observation.seconds >= 1 else { return false }
    if isTrainerWaiting { return busiest.map { hasEnded(64, perHand: 4, in: $0) } ?? true }
    // Only what has more than its least can be lowered. Nobody waits for a stage that is called once in a while.
    return observation.stepCount >= 8 * DemandWatch.leastSteps
      || stages.indices.allSatisfy {
        stages[$0].concurrency == stages[$0].stage.range.lowerBound || hasEnded(64, perHand: 4, in: $0)
      }
  }

  private func hasEnded(_ calls: Int, perHand: Int, in stage: Int) -> Bool {
    !stages[stage].isTunable || observation.callCount(stage) >= max(calls, perHand * stages[stage].concurrency)
  }

  /// Calls that a stage ends before a change shows: those that are at work when it is made, and as many as will be; and
  /// where the concurrency falls, those for which the shorter queues have no room.
  static func warmUp(from: Int, to: Int) -> Int {
    from == to ? 0 : from + to + 2 * max(0, from - to)
  }

  /// Whether these calls have ended, and a step: until then the trainer waits whatever is done. Not for ever, since a
  /// step may need minutes of work, and a stage may be called once in a while.
  func hasEnded(_ warmUp: [Int]) -> Bool {
    guard observation.stepCount > 0 || observation.seconds >= 5 else { return false }
    return observation.seconds >= 60 || stages.indices.allSatisfy { observation.callCount($0) >= warmUp[$0] }
  }
}
