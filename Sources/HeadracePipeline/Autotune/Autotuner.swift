/// Finds, for each stage, the least concurrency with which the trainer does not wait: a pure value, with no clock and
/// no thread.
///
/// The engine hands it a lap every 200 ms and applies what it returns. Laps are added up to an observation, and an
/// observation is judged when it is long enough (`Autotuner+Observations.swift`): the trainer waits, so the stage that
/// holds it up is raised; it does not, so stages that have more than they need are lowered. What was tried in vain is
/// remembered as floors and ceilings until demand changes, so the search ends.
///
/// - Complexity: of `observe`, O(stages); where a budget limits a rise, O(stages x the highest concurrency).
package struct Autotuner: Sendable {
  /// How often the engine is to hand it a lap.
  package static let period = Duration.milliseconds(200)

  /// What may be used.
  package let limits: TuningLimits
  var stages: [StageTuning]
  var observation: TuningLap
  /// All observations since the last change, those left out in which the trainer took another pace.
  var quiet: TuningLap
  /// How many observations in a row have changed nothing.
  var quietCount = 0
  var demand: DemandWatch
  /// Calls that each stage has to end before an observation begins; nil while one is gathered.
  private var warmUp: [Int]?
  /// Observations in a row in which the trainer waited, and in which too much CPU was used.
  private var waitingCount = 0
  private var overspentCount = 0
  /// Whether all cores were at work, and have not had a tenth of their time to spare since.
  private(set) var areCoresBusy = false
  /// Whether it was said that nothing can be raised.
  private var hasReported = false

  /// - Precondition: the names of the stages differ.
  package init(stages: [TunedStage], limits: TuningLimits) {
    precondition(Set(stages.map(\.name)).count == stages.count, "two stages have the same name")
    self.limits = limits
    self.stages = stages.map(StageTuning.init)
    observation = TuningLap(stageCount: stages.count)
    quiet = observation
    demand = DemandWatch(stageCount: stages.count)
    warmUp = stages.map { _ in 0 }
  }

  /// Whether four observations in a row have changed nothing, and were enough to know what is needed. From then on
  /// nothing is lowered until demand changes, and a stage is raised only when two observations agree.
  package var isSettled: Bool {
    quietCount >= 4 && isDemandKnown && (quietCount >= 16 || stages.indices.allSatisfy(isWorkKnown))
  }

  /// The concurrency of each stage now, in the pipeline's order.
  package var concurrency: [Int] { stages.map(\.concurrency) }

  /// An epoch begins, or the pipeline stood still: what was gathered is void, what was found is not.
  package mutating func restart() {
    gather(after: stages.map { _ in 0 })
  }

  /// Takes note of a lap. Returns what changes from now on, and what would be raised and cannot be, once.
  ///
  /// - Precondition: the lap has a value for each stage.
  package mutating func observe(_ lap: TuningLap) -> [TuningDecision] {
    precondition(lap.stages.count == stages.count, "\(stages.count) stages, but the lap has \(lap.stages.count)")
    observation.add(lap)
    if let warmUp {
      if hasEnded(warmUp) { gather(after: nil) }
      return []
    }
    guard isComplete else { return [] }
    let before = concurrency
    let decisions = judge()
    if before == concurrency {
      quietCount += 1
      gather(after: nil)
    } else {
      forgetQuiet()
      gather(after: zip(before, concurrency).map(Self.warmUp))
    }
    return decisions
  }

  private mutating func gather(after warmUp: [Int]?) {
    self.warmUp = warmUp
    observation = TuningLap(stageCount: stages.count)
  }

  private mutating func forgetQuiet() {
    quiet = TuningLap(stageCount: stages.count)
    quietCount = 0
    hasReported = false
  }

  // MARK: Judging an observation

  private mutating func judge() -> [TuningDecision] {
    // As it was before this observation, or the one that makes it so would come too late to lower anything.
    let wasSettled = isSettled
    let demandHasChanged = noteDemand()
    areCoresBusy = observation.cores >= (areCoresBusy ? 0.9 : 0.98) * Double(limits.coreCount)
    overspentCount = isOverspent ? overspentCount + 1 : 0
    waitingCount = isTrainerWaiting ? waitingCount + 1 : 0

    if overspentCount > 1, let decision = spendLess() { return [decision] }
    switch judgeClimbs() {
    case .stepBack(let decision): return [decision]
    case .unsure: return []
    case .goOn: break
    }
    let isSettled = wasSettled && !demandHasChanged
    guard isTrainerWaiting else { return isSettled ? [] : lower() }
    guard !isSettled || waitingCount > 1 else { return [] }
    let raised = raise()
    if let raised, raised.isChange { return [raised] }
    // Something limits the pipeline, and the other stages need no more than it lets through. If nothing does, whatever
    // the trainer waits for is no reason to lower anything.
    if case .held(.nothingBusy, _, _)? = raised?.reason { return report(raised) }
    let lowered = isSettled ? [] : lower()
    return lowered.isEmpty ? report(raised) : lowered
  }

  /// Compares the trainer's pace to what it was. Returns whether it has changed for good, and all that was learnt is
  /// void.
  private mutating func noteDemand() -> Bool {
    let verdict = demand.verdict(on: observation)
    if verdict == .differs { return false }
    if verdict == .changed {
      for index in stages.indices { stages[index].forget() }
      forgetQuiet()
    }
    quiet.add(observation)
    return verdict == .changed
  }

  /// What cannot be raised is said once, until something changes.
  private mutating func report(_ held: TuningDecision?) -> [TuningDecision] {
    guard let held, !hasReported else { return [] }
    hasReported = true
    return [held]
  }
}
