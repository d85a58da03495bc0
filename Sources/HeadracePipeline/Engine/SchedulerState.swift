/// Which stage runs on which lane: a pure value, tested without a thread.
///
/// A stage becomes ready when it is signalled, once per free place of its concurrency. A lane that has nothing to do
/// takes the latest ready stage, so that samples leave the pipeline before new ones enter it and memory drains.
struct SchedulerState {
  private struct Stage {
    let concurrency: Int
    /// Lanes at work on it.
    var active = 0
    /// Turns that wait for a lane.
    var ready = 0
    /// A signal came while the stage could not take another lane: look again before going idle.
    var isDirty = false
    var idleReason = SliceResult.starved
    var times = StageTimes()
    /// Until when `times` is complete.
    var since: UInt64

    /// Counts the time until `now` as what the stage has been doing since the last change.
    mutating func account(until now: UInt64) {
      let elapsed = now > since ? now - since : 0
      since = max(since, now)
      if active > 0 {
        times.busy += elapsed
      } else if ready > 0 || idleReason == .blocked {
        times.blocked += elapsed
      } else {
        times.starved += elapsed
      }
    }
  }

  private var stages: [Stage]
  private var idleLanes: [Int]
  private let laneCount: Int
  /// Threads that relieve lanes at this moment.
  private var relieverCount = 0
  /// Nothing new starts: the run has ended, or was stopped.
  private(set) var isDraining = false
  private var endedAt: UInt64?

  init(concurrency: [Int], lanes: Int, now: UInt64) {
    stages = concurrency.map { Stage(concurrency: $0, since: now) }
    // The lowest lane first, so that few lanes are used while there is little to do.
    idleLanes = Array((0..<lanes).reversed())
    laneCount = lanes
  }

  /// A stage may have something to do. Returns a lane to start, if one is idle and needed.
  mutating func signal(_ stage: Int, now: @autoclosure () -> UInt64) -> Int? {
    guard !isDraining else { return nil }
    guard stages[stage].active + stages[stage].ready < stages[stage].concurrency else {
      stages[stage].isDirty = true
      return nil
    }
    if stages[stage].active + stages[stage].ready == 0 { stages[stage].account(until: now()) }
    stages[stage].ready += 1
    return idleLanes.popLast()
  }

  /// The next stage for a lane; nil: there is nothing to do, and the lane is idle from now on.
  mutating func next(lane: Int, now: @autoclosure () -> UInt64) -> Int? {
    if !isDraining, let stage = stages.lastIndex(where: { $0.ready > 0 }) {
      if stages[stage].active == 0 { stages[stage].account(until: now()) }
      stages[stage].ready -= 1
      stages[stage].active += 1
      return stage
    }
    idleLanes.append(lane)
    return nil
  }

  /// A lane's slice of a stage has ended.
  mutating func end(_ stage: Int, _ result: SliceResult, now: UInt64) {
    if stages[stage].active == 1 { stages[stage].account(until: now) }
    stages[stage].active -= 1
    if result == .again || (stages[stage].isDirty && result != .finished) {
      stages[stage].isDirty = false
      if !isDraining {
        stages[stage].ready += 1
        return
      }
    }
    stages[stage].idleReason = result == .blocked ? .blocked : .starved
  }

  /// A thread is about to relieve lanes. Returns whether it may: not once the run has ended.
  mutating func beginRelief() -> Bool {
    if !isDraining { relieverCount += 1 }
    return !isDraining
  }

  /// It has done so, and has let go of the nodes.
  mutating func endRelief() {
    relieverCount -= 1
  }

  /// Nothing new starts from now on.
  mutating func drain(now: UInt64) {
    guard !isDraining else { return }
    isDraining = true
    for stage in stages.indices {
      stages[stage].account(until: now)
      stages[stage].ready = 0
    }
    endedAt = now
  }

  /// Whether any lane has something to do.
  var isAtWork: Bool { idleLanes.count < laneCount }

  /// Whether a drained run has come to rest.
  var isAtRest: Bool { isDraining && !isAtWork && relieverCount == 0 }

  /// How each stage has spent its time until now, or until the run ended.
  func times(now: UInt64) -> [StageTimes] {
    stages.map { stage in
      var stage = stage
      stage.account(until: min(now, endedAt ?? now))
      return stage.times
    }
  }
}
