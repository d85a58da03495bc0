/// More for the stage that holds the trainer up, as far as there is something to give.
extension Autotuner {
  /// No rise goes further at once: while the trainer gets little, its demand is known badly.
  private static let longestRise = 4.0
  /// A stage that is busy for a smaller share of its concurrency does not limit the pipeline.
  private static let busyEnough = 0.75

  /// Raises the busiest stage, or says why not. For when the trainer waits.
  mutating func raise() -> TuningDecision? {
    guard let busiest else { return nil }
    if stages[busiest].stage.sharesLanes, sharedLanesInUse >= 0.95 * Double(observation.laneCount) {
      return hold(busiest, .lanes(count: observation.laneCount))
    }
    guard busyShare(busiest) >= Self.busyEnough else { return hold(busiest, .nothingBusy(share: busyShare(busiest))) }
    switch room(for: busiest) {
    case .upTo(let concurrency): return rise(busiest, to: concurrency)
    case .none(let barrier): return hold(busiest, barrier)
    }
  }

  /// Lanes of those that all stages share at work, on average.
  private var sharedLanesInUse: Double {
    stages.indices.reduce(0) { stages[$1].stage.sharesLanes ? $0 + observation.lanesInUse($1) : $0 }
  }

  private mutating func rise(_ index: Int, to concurrency: Int) -> TuningDecision {
    let from = stages[index].concurrency
    let busy = busyShare(index)
    let reason: TuningReason
    if stages[index].loweredFrom == nil {
      reason = .trainerWaits(
        share: observation.waitShare, seconds: observation.seconds, busy: busy,
        callSeconds: observation.callSeconds(index))
    } else {
      stages[index].floor = concurrency
      reason = .loweredTooFar(share: observation.waitShare, seconds: observation.seconds, busy: busy)
    }
    if stages[index].climb == nil { stages[index].climb = climb(from: index) }
    stages[index].concurrency = concurrency
    return TuningDecision(stage: stages[index].stage.name, from: from, to: concurrency, reason: reason)
  }

  private func hold(_ index: Int, _ barrier: TuningBarrier) -> TuningDecision {
    TuningDecision(
      stage: stages[index].stage.name, from: stages[index].concurrency, to: stages[index].concurrency,
      reason: .held(barrier, share: observation.waitShare, seconds: observation.seconds))
  }

  // MARK: How far

  private enum Room {
    case upTo(Int)
    case none(TuningBarrier)
  }

  /// How high a stage is to be raised, or what forbids it.
  private func room(for index: Int) -> Room {
    if let barrier = barrier(of: index) { return .none(barrier) }
    let next = stages[index].concurrency + 1
    if let affordable = (next...wanted(by: index)).last(where: { excess(of: index, at: $0) == nil }) {
      return .upTo(affordable)
    }
    return .none(excess(of: index, at: next) ?? .maximum(next - 1))
  }

  /// What forbids any rise of a stage.
  private func barrier(of index: Int) -> TuningBarrier? {
    let stage = stages[index]
    if stage.concurrency >= stage.stage.range.upperBound { return .maximum(stage.stage.range.upperBound) }
    if areCoresBusy { return .cores(count: limits.coreCount) }
    if stage.stage.sharesLanes, stage.concurrency >= observation.laneCount {
      return .lanes(count: observation.laneCount)
    }
    if let ceiling = stage.ceiling,
      stage.concurrency >= ceiling.concurrency || observation.throughput(index) >= 0.95 * ceiling.callsPerSecond
    {
      return ceiling.barrier
    }
    return nil
  }

  /// The concurrency times what the trainer lacks, as far as cores and lanes reach; at least one more.
  private func wanted(by index: Int) -> Int {
    let stage = stages[index]
    let growth = min(observation.unmetGrowth, roomOfCores, Self.longestRise)
    var wanted = Int((Double(stage.concurrency) * growth).rounded(.up))
    wanted = min(wanted, stage.stage.range.upperBound)
    if stage.stage.sharesLanes { wanted = min(wanted, observation.laneCount) }
    if let ceiling = stage.ceiling { wanted = min(wanted, ceiling.concurrency) }
    if let enough = stage.loweredFrom, enough > stage.concurrency { wanted = min(wanted, enough) }
    return max(wanted, stage.concurrency + 1)
  }

  /// How many times as much can be made before all cores are at work. A call takes the CPU that it takes, so CPU in use
  /// grows as throughput does.
  var roomOfCores: Double { observation.cores > 0 ? max(1, Double(limits.coreCount) / observation.cores) : .infinity }

  /// The budget that a higher concurrency would exceed.
  private func excess(of index: Int, at concurrency: Int) -> TuningBarrier? {
    // Throughput grows until the stage does not limit it, or another one does, or the trainer has all that it takes.
    var growth = min(observation.unmetGrowth, Double(concurrency) / observation.lanesInUse(index))
    for other in stages.indices where other != index && observation.lanesInUse(other) > 0 {
      growth = min(growth, max(1, 1 / busyShare(other)))
    }
    let cores = min(observation.cores * growth, Double(limits.coreCount))
    if cores > limits.cpuBudget { return .cpuBudget(cores: cores, allowed: limits.cpuBudget) }
    guard let allowed = limits.byteBudget else { return nil }
    // While the trainer pauses every queue fills up, so what is in flight now does not tell what can be.
    let full = stages.indices.reduce(0.0) { $0 + Double(stages[$1].concurrency) * bytesPerHand($1) }
    let more = Double(concurrency - stages[index].concurrency) * bytesPerHand(index)
    let byteCount = Int(max(full, Double(observation.byteCountInFlight)) + more)
    return byteCount > allowed ? .byteBudget(byteCount: byteCount, allowed: allowed) : nil
  }

  private func bytesPerHand(_ index: Int) -> Double {
    Double(stages[index].stage.resultsPerHand) * observation.bytesPerResult(index)
  }
}
