/// What a rise has given, and the way back from one that gave nothing.
extension Autotuner {
  /// A rise is judged when the concurrency is this much higher, as a factor: less does not stand out from chance.
  private static let judgedRise = 1.5
  /// The part of the expected gain that a rise must bring.
  private static let leastYield = 0.25

  enum Judgement {
    case stepBack(TuningDecision)
    /// One observation speaks against the rise; a second one decides.
    case unsure
    case goOn
  }

  func climb(from index: Int) -> StageTuning.Climb {
    StageTuning.Climb(yield: yield(of: index, in: observation), room: roomOfCores)
  }

  private func yield(of index: Int, in observation: TuningLap) -> TuningYield {
    TuningYield(
      concurrency: stages[index].concurrency, callsPerSecond: observation.throughput(index),
      callSeconds: observation.callSeconds(index))
  }

  /// Ends climbs that have reached what they were for, and takes back the one that gave nothing.
  mutating func judgeClimbs() -> Judgement {
    for index in stages.indices {
      guard let climb = stages[index].climb else { continue }
      // The trainer has what it takes, or another stage limits the pipeline now: this one scaled.
      guard isTrainerWaiting, busyShare(index) >= 0.9 else {
        stages[index].climb = nil
        continue
      }
      let reached = yield(of: index, in: quiet)
      let rise = Double(reached.concurrency) / Double(climb.yield.concurrency)
      guard rise >= Self.judgedRise else { continue }
      let gain = reached.callsPerSecond / climb.yield.callsPerSecond
      guard gain - 1 < Self.leastYield * (min(rise, climb.room) - 1) else {
        stages[index].climb = self.climb(from: index)
        continue
      }
      guard quiet.seconds > observation.seconds else { return .unsure }
      return .stepBack(stepBack(index, from: climb.yield, to: reached, gain: gain))
    }
    return .goOn
  }

  private mutating func stepBack(
    _ index: Int, from start: TuningYield, to reached: TuningYield, gain: Double
  ) -> TuningDecision {
    // As many as would give the same if all of them were as good as those at the start.
    let worthwhile = Int((Double(start.concurrency) * gain).rounded(.up))
    let to = max(start.concurrency, min(reached.concurrency - 1, worthwhile))
    let barrier = areCoresBusy ? .cores(count: limits.coreCount) : TuningBarrier.doesNotScale(from: start, to: reached)
    stages[index].climb = nil
    stages[index].ceiling = StageTuning.Ceiling(
      concurrency: to, callsPerSecond: reached.callsPerSecond, barrier: barrier)
    stages[index].concurrency = to
    return TuningDecision(
      stage: stages[index].stage.name, from: reached.concurrency, to: to, reason: .gaveNothing(barrier))
  }

  // MARK: Too much CPU

  /// Whether the process uses more CPU than it is allowed: more than chance explains.
  var isOverspent: Bool { observation.cores > 1.05 * limits.cpuBudget }

  /// Takes from the busiest stage that has something to give as much as is used beyond the budget.
  mutating func spendLess() -> TuningDecision? {
    let candidates = stages.indices.filter { stages[$0].concurrency > stages[$0].stage.range.lowerBound }
    guard let index = candidates.max(by: { busyShare($0) < busyShare($1) }) else { return nil }
    let from = stages[index].concurrency
    let affordable = Int(observation.lanesInUse(index) * limits.cpuBudget / observation.cores)
    let to = min(from - 1, max(affordable, stages[index].stage.range.lowerBound))
    stages[index].forget()
    stages[index].ceiling = StageTuning.Ceiling(
      concurrency: to, callsPerSecond: observation.throughput(index),
      barrier: .cpuBudget(cores: observation.cores, allowed: limits.cpuBudget))
    stages[index].concurrency = to
    return TuningDecision(
      stage: stages[index].stage.name, from: from, to: to,
      reason: .overspent(cores: observation.cores, allowed: limits.cpuBudget))
  }
}
