/// Which stage runs on which lane: a pure value, tested without a thread.
///
/// A stage becomes ready when it is signalled, once per free place of its concurrency. A lane that has nothing to do
/// takes the latest ready stage of its pool, so that samples leave the pipeline before new ones enter it and memory
/// drains.
///
/// Two epochs can be at work at one time, so that the next one reads while the last samples of this one are on their
/// way: each has a set of the stages of its own, called a generation here, and the older goes first. A stage's
/// concurrency is that of both together. Stage `s` of generation `g` is known by the number `g * stageCount + s`.
struct SchedulerState {
  /// What is to be known of a stage.
  struct StageSetup {
    var concurrency: Int
    /// Which pool of lanes works for it.
    var pool = 0
    /// Higher goes first, whatever the place in the pipeline.
    var priority = 0
  }

  private struct Stage {
    var concurrency: Int
    let pool: Int
    /// Its bit in the masks: the highest that is ready goes first.
    let bit: UInt64
    /// Lanes at work on it.
    var active = 0
    /// Operations under way that are wanted, which need a lane only now and then.
    var operations = 0
    /// One could not begin, since there were as many as may be: look again when one has ended.
    var lacksOperation = false
    /// Turns that wait for a lane.
    var ready = 0
    /// A signal came while the stage could not take another lane: look again before going idle.
    var isDirty = false
    var idleReason = SliceResult.starved

    /// Hands at work. An operation that computes has a lane, and is not to be counted twice.
    var handsAtWork: Int { max(active, operations) }
  }

  private struct Generation {
    /// The bits of stages that are ready.
    var readyBits: UInt64 = 0
    /// Threads that relieve lanes at this moment.
    var relieverCount = 0
    /// Nothing new starts: the run has ended, or was stopped.
    var isDraining = true
  }

  let stageCount: Int
  private let setups: [StageSetup]
  private var stages: [Stage]
  /// One for each stage of the run, whatever the generation.
  private var clocks: [StageClock]
  /// Stages by their bits, the lowest first.
  private let ranking: [Int]
  private var generations: [Generation]
  /// The generation that goes first.
  private var elder = 0
  private let poolBits: [UInt64]
  private var idleLanes: [[Int]]
  /// The pool of each lane.
  private var poolOfLane: [Int]
  private var busyLaneCount = 0
  /// Lanes that are stuck in a sample whose time was over.
  private var abandonedLanes: Set<Int> = []
  /// Lanes that were stuck and have come back, though others have taken their places.
  private var spareLanes: [Int] = []
  /// Lanes of each pool that were abandoned, and have no other in their places.
  private var missingLanes: [Int]

  /// - Parameter lanes: how many lanes each pool has; they are numbered from 0 across all pools.
  init(_ setups: [StageSetup], pools lanes: [Int], generations: Int = 2) {
    self.setups = setups
    stageCount = setups.count
    ranking = setups.indices.sorted { (setups[$0].priority, $0) < (setups[$1].priority, $1) }
    var bits = [UInt64](repeating: 0, count: setups.count)
    for (rank, stage) in ranking.enumerated() { bits[stage] = 1 << UInt64(rank) }
    stages = (0..<generations).flatMap { _ in
      zip(setups, bits).map { Stage(concurrency: $0.concurrency, pool: $0.pool, bit: $1) }
    }
    clocks = setups.map { _ in StageClock() }
    self.generations = Array(repeating: Generation(), count: generations)
    var poolBits = [UInt64](repeating: 0, count: lanes.count)
    for (setup, bit) in zip(setups, bits) { poolBits[setup.pool] |= bit }
    self.poolBits = poolBits
    idleLanes = []
    missingLanes = lanes.map { _ in 0 }
    poolOfLane = []
    for (pool, count) in lanes.enumerated() {
      // The lowest lane first, so that few lanes are used while there is little to do.
      idleLanes.append(Array((poolOfLane.count..<(poolOfLane.count + count)).reversed()))
      poolOfLane += Array(repeating: pool, count: count)
    }
  }

  /// One epoch at a time on one pool of lanes, at work since `now`.
  init(concurrency: [Int], lanes: Int, now: UInt64) {
    self.init(concurrency.map { StageSetup(concurrency: $0) }, pools: [lanes], generations: 1)
    begin(0, now: now)
  }

  // MARK: Generations

  /// An epoch begins. It goes last until the other ends.
  ///
  /// - Precondition: the generation is at rest.
  mutating func begin(_ generation: Int, now: UInt64) {
    for index in range(generation) {
      account(index, until: now)
      let old = stages[index]
      stages[index] = Stage(concurrency: old.concurrency, pool: old.pool, bit: old.bit)
    }
    generations[generation] = Generation(isDraining: false)
    if generations.indices.allSatisfy({ $0 == generation || isDraining($0) }) { elder = generation }
  }

  /// Nothing new starts in a generation from now on.
  mutating func drain(_ generation: Int, now: UInt64) {
    guard !generations[generation].isDraining else { return }
    for index in range(generation) {
      account(index, until: now)
      stages[index].ready = 0
    }
    generations[generation].isDraining = true
    generations[generation].readyBits = 0
    if let other = generations.indices.first(where: { $0 != generation && !generations[$0].isDraining }) {
      elder = other
    } else {
      for stage in clocks.indices { clocks[stage].stop() }
    }
  }

  func isDraining(_ generation: Int) -> Bool { generations[generation].isDraining }

  /// Whether a drained generation has come to rest.
  func isAtRest(_ generation: Int) -> Bool {
    generations[generation].isDraining && generations[generation].relieverCount == 0
      && range(generation).allSatisfy { stages[$0].active == 0 }
  }

  private func range(_ generation: Int) -> Range<Int> {
    (generation * stageCount)..<((generation + 1) * stageCount)
  }

  // MARK: Work

  /// A stage may have something to do. Returns a lane to start, if one is idle and needed.
  mutating func signal(_ stage: Int, now: @autoclosure () -> UInt64) -> Int? {
    let generation = stage / stageCount
    guard !generations[generation].isDraining else { return nil }
    guard stages[stage].active + stages[stage].ready < stages[stage].concurrency else {
      stages[stage].isDirty = true
      return nil
    }
    let now = now()
    account(stage, until: now)
    clocks[stage % stageCount].endWait(now: now, load(of: stage))
    makeReady(stage, generation)
    guard let lane = idleLanes[stages[stage].pool].popLast() else { return nil }
    busyLaneCount += 1
    return lane
  }

  /// The next stage for a lane; nil: there is nothing to do, and the lane is idle from now on.
  mutating func next(lane: Int, now: @autoclosure () -> UInt64) -> Int? {
    let pool = poolOfLane[lane]
    for turn in generations.indices {
      let generation = (elder + turn) % generations.count
      var bits = generations[generation].readyBits & poolBits[pool]
      while bits != 0 {
        let stage = generation * stageCount + ranking[63 - bits.leadingZeroBitCount]
        guard hasPlace(stage) else {
          bits &= ~stages[stage].bit
          continue
        }
        account(stage, until: now())
        stages[stage].ready -= 1
        stages[stage].active += 1
        if stages[stage].ready == 0 { generations[generation].readyBits &= ~stages[stage].bit }
        return stage
      }
    }
    idleLanes[pool].append(lane)
    busyLaneCount -= 1
    return nil
  }

  /// Whether the other generation leaves a place in the stage. If it does not, the lane that takes the place looks for
  /// what is ready when it leaves.
  private func hasPlace(_ stage: Int) -> Bool {
    var active = 0
    for number in numbers(of: stage) { active += stages[number].active }
    return active < stages[stage].concurrency
  }

  /// The stage's numbers, one for each generation.
  private func numbers(of stage: Int) -> StrideTo<Int> {
    stride(from: stage % stageCount, to: stages.count, by: stageCount)
  }

  /// A lane's slice of a stage has ended.
  mutating func end(_ stage: Int, _ result: SliceResult, now: UInt64) {
    let generation = stage / stageCount
    account(stage, until: now)
    stages[stage].active -= 1
    // Even of a node that has finished: a repeat may have put another in its place, and signalled that.
    if result == .again || stages[stage].isDirty {
      if !generations[generation].isDraining,
        stages[stage].active + stages[stage].ready < stages[stage].concurrency
      {
        stages[stage].isDirty = false
        makeReady(stage, generation)
        return
      }
      // There are more lanes on it than there may be now: the last of them to leave looks again.
      stages[stage].isDirty = !generations[generation].isDraining
    }
    if result != .again { stages[stage].idleReason = result }
    // A lane that leaves operations under way is no hand that waits, nor is any between two epochs.
    let load = load(of: stage)
    if result != .finished, load.isRunning, load.idle > 0 { clocks[stage % stageCount].beginWait(now: now) }
  }

  private mutating func makeReady(_ stage: Int, _ generation: Int) {
    stages[stage].ready += 1
    generations[generation].readyBits |= stages[stage].bit
  }

  // MARK: Relief

  /// A thread is about to relieve lanes. Returns whether it may: not once the run has ended.
  mutating func beginRelief(_ generation: Int) -> Bool {
    if !generations[generation].isDraining { generations[generation].relieverCount += 1 }
    return !generations[generation].isDraining
  }

  /// The same of a run that may have ended: whether it is not yet at rest.
  mutating func beginReliefUnlessAtRest(_ generation: Int) -> Bool {
    if isAtRest(generation) { return false }
    generations[generation].relieverCount += 1
    return true
  }

  /// It has done so, and has let go of the nodes.
  mutating func endRelief(_ generation: Int) {
    generations[generation].relieverCount -= 1
  }

  // MARK: Operations

  /// An operation of a stage begins, which waits without a lane. Until `endOperation` its generation is not at rest.
  /// Returns whether it may begin: not while as many are under way in all generations as may be, nor once the run has
  /// ended.
  mutating func beginOperation(of stage: Int, now: UInt64) -> Bool {
    let underWay = numbers(of: stage).reduce(0) { $0 + stages[$1].operations }
    guard underWay < stages[stage].concurrency else {
      stages[stage].lacksOperation = true
      return false
    }
    guard beginRelief(stage / stageCount) else { return false }
    account(stage, until: now)
    stages[stage].operations += 1
    return true
  }

  /// It has ended, and has let go of the nodes. Returns those of the stage's numbers that are to look again.
  mutating func endOperation(of stage: Int, now: UInt64) -> [Int] {
    account(stage, until: now)
    stages[stage].operations -= 1
    endRelief(stage / stageCount)
    return takeRefused(stage)
  }

  /// Operations of a stage are not wanted any more, and told to end: from now on they take no place of others, and keep
  /// their generation from coming to rest until each has its `endRelief`. Returns those of the stage's numbers that are
  /// to look again.
  mutating func abandonOperations(_ count: Int, of stage: Int, now: UInt64) -> [Int] {
    account(stage, until: now)
    stages[stage].operations -= count
    return takeRefused(stage)
  }

  private mutating func takeRefused(_ stage: Int) -> [Int] {
    numbers(of: stage).filter { number in
      defer { stages[number].lacksOperation = false }
      return stages[number].lacksOperation
    }
  }

  // MARK: Lanes

  /// Whether any lane has something to do.
  var isAtWork: Bool { busyLaneCount > 0 }

  /// Whether anything is under way that needs no lane meanwhile: an operation that waits.
  var isHeld: Bool { generations.contains { $0.relieverCount > 0 } }

  /// Lanes that have something to do, and all there are.
  var laneUse: (busy: Int, all: Int) { (busyLaneCount, poolOfLane.count) }

  /// A lane is stuck in a slice of a stage: from now on neither counts it, so that an epoch can end without it.
  mutating func abandon(lane: Int, in stage: Int, now: UInt64) {
    guard abandonedLanes.insert(lane).inserted else { return }
    account(stage, until: now)
    stages[stage].active -= 1
    clocks[stage % stageCount].beginWait(now: now)
    busyLaneCount -= 1
  }

  /// A lane's slice has ended. What is to be done where it had been abandoned: nil if it was not.
  mutating func takeBack(lane: Int) -> Return? {
    guard abandonedLanes.remove(lane) != nil else { return nil }
    let pool = poolOfLane[lane]
    guard missingLanes[pool] > 0 else {
      spareLanes.append(lane)
      return .spare
    }
    missingLanes[pool] -= 1
    busyLaneCount += 1
    return .needed
  }

  /// What becomes of a lane that comes back.
  enum Return {
    /// Another has its place: it waits.
    case spare
    /// No other has: it goes on.
    case needed
  }

  /// No lane was to be had in place of one that was abandoned.
  mutating func missReplacement(of stage: Int) { missingLanes[stages[stage].pool] += 1 }

  /// A spare lane in place of one that was abandoned, at work from now on, if there is one.
  mutating func takeSpare(of stage: Int) -> Int? {
    guard let place = spareLanes.firstIndex(where: { poolOfLane[$0] == stages[stage].pool }) else { return nil }
    busyLaneCount += 1
    return spareLanes.remove(at: place)
  }

  /// A lane more for a stage's pool, at work from now on. Returns its number.
  mutating func addLane(of stage: Int) -> Int {
    poolOfLane.append(stages[stage].pool)
    busyLaneCount += 1
    return poolOfLane.count - 1
  }

  // MARK: Tuning and statistics

  /// Sets how many lanes may work on a stage, in all generations. Returns those of its numbers that may have room now.
  mutating func setConcurrency(_ concurrency: Int, of stage: Int, now: UInt64) -> [Int] {
    let numbers = generations.indices.map { $0 * stageCount + stage }
    for number in numbers {
      account(number, until: now)
      stages[number].concurrency = concurrency
    }
    return numbers
  }

  /// How many lanes may work on a stage.
  func concurrency(of stage: Int) -> Int { stages[stage].concurrency }

  /// Samples that a stage of a generation works on: lanes, or operations under way.
  func activeCount(of stage: Int) -> Int { stages[stage].handsAtWork }

  /// How each stage has spent its time until now, as long as any generation was at work. It is counted for good: one
  /// that waited for the lock may come with an earlier time, which takes nothing back.
  mutating func times(now: UInt64) -> [StageTimes] {
    clocks.indices.map { stage in
      account(stage, until: now)
      return clocks[stage].times
    }
  }

  /// Counts the time until now as what the stage does, before that changes.
  private mutating func account(_ stage: Int, until now: UInt64) {
    clocks[stage % stageCount].advance(to: now, load(of: stage))
  }

  /// What a stage does in all generations. Hands that are idle wait for what the first of them waits for, whose samples
  /// go first; where it waits for nothing any more, for what the next does.
  private func load(of stage: Int) -> StageClock.Load {
    var load = StageClock.Load(concurrency: stages[stage].concurrency)
    for turn in generations.indices {
      let generation = (elder + turn) % generations.count
      let part = stages[generation * stageCount + stage % stageCount]
      load.atWork += part.handsAtWork
      if generations[generation].isDraining { continue }
      load.isRunning = true
      load.ready += part.ready
      if load.reason == nil, part.idleReason != .finished { load.reason = part.idleReason }
    }
    return load
  }
}

extension SchedulerState: CustomStringConvertible {
  /// What decides what it answers: all but the times.
  var description: String {
    let stages = stages.map { stage in
      let work = "\(stage.active)+\(stage.ready)+\(stage.operations)\(stage.lacksOperation ? "?" : "")"
      return "\(work)/\(stage.concurrency)\(stage.isDirty ? "!" : "") \(stage.idleReason)"
    }
    let generations = generations.map { "\($0.isDraining) \($0.relieverCount)" }
    return "\(stages) \(generations) elder \(elder) idle \(idleLanes) busy \(busyLaneCount)"
      + " abandoned \(abandonedLanes.sorted()) spare \(spareLanes)"
  }
}

/// Questions of one generation, for those who have no second.
extension SchedulerState {
  mutating func drain(now: UInt64) { drain(0, now: now) }
  var isDraining: Bool { isDraining(0) }
  /// Whether a drained run has come to rest.
  var isAtRest: Bool { isAtRest(0) && !isAtWork }
  mutating func beginRelief() -> Bool { beginRelief(0) }
  mutating func endRelief() { endRelief(0) }
}
