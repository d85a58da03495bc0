import HeadraceCore
import Synchronization

/// Runs stages on lanes as they become ready.
final class Scheduler: Sendable {
  private let state: Mutex<SchedulerState>
  private let lanes: LanePool
  private let nodes: Mutex<[any StageNode]> = Mutex([])
  private let observer: (any RunObserver)?
  /// The same as in `state`, for a look without the lock before each sample.
  private let isDrainingFlag = Atomic<Bool>(false)
  /// Called once, from any thread, when a drained run has come to rest.
  private let onRest: @Sendable () -> Void

  init(
    concurrency: [Int], lanes: LanePool, observer: (any RunObserver)?, onRest: @escaping @Sendable () -> Void
  ) {
    state = Mutex(SchedulerState(concurrency: concurrency, lanes: lanes.count, now: Clock.now))
    self.lanes = lanes
    self.observer = observer
    self.onRest = onRest
  }

  /// Hands over the nodes, one per stage, before the first signal.
  func install(_ nodes: [any StageNode]) {
    self.nodes.withLock { $0 = nodes }
  }

  /// A stage may have something to do: input, room, or an ending.
  func signal(_ stage: Int) {
    let lane = state.withLock { $0.signal(stage, now: Clock.now) }
    if let lane { lanes.start(lane) { self.run(lane) } }
  }

  /// Lets nothing new start; `onRest` follows when what runs has ended.
  func drain() {
    let isAtRest = state.withLock { state in
      if state.isDraining { return false }
      state.drain(now: Clock.now)
      isDrainingFlag.store(true, ordering: .relaxed)
      return state.isAtRest
    }
    if isAtRest { rest() }
  }

  /// Whether nothing new may start: then a stage leaves the rest of its samples alone.
  var isDraining: Bool { isDrainingFlag.load(ordering: .relaxed) }

  /// Relieves the lanes that are held up. Returns whether to call again: any lane is at work, and the run has not ended.
  ///
  /// What is handed on here may end the run, and the nodes are kept alive meanwhile: so it comes to rest after this only.
  func relieve() -> Bool {
    guard state.withLock({ $0.beginRelief() }) else { return false }
    relieveNodes()
    let (mayHoldUp, isAtRest) = state.withLock { state in
      state.endRelief()
      return (state.isAtWork && !state.isDraining, state.isAtRest)
    }
    if isAtRest { rest() }
    return mayHoldUp
  }

  private func relieveNodes() {
    for node in nodes.withLock({ $0 }) where !isDraining { node.relieve() }
  }

  func times() -> [StageTimes] {
    state.withLock { $0.times(now: Clock.now) }
  }

  private func run(_ lane: Int) {
    while true {
      let (stage, isAtRest) = state.withLock { state in
        let stage = state.next(lane: lane, now: Clock.now)
        return (stage, stage == nil && state.isAtRest)
      }
      guard let stage else {
        if isAtRest { rest() }
        return
      }
      let result = runSlice(stage, lane: lane)
      observer?.end(lane: lane)
      state.withLock { $0.end(stage, result, now: Clock.now) }
    }
  }

  /// The node is let go of before the lane can become idle: once all are, none may be kept alive by a lane, since its
  /// buffers are to go back before `onRest`.
  private func runSlice(_ stage: Int, lane: Int) -> SliceResult {
    let node = nodes.withLock { $0[stage] }
    return node.runSlice(lane: lane)
  }

  private func rest() {
    // The nodes refer to the scheduler: let go of them, and with them of the samples that were left.
    nodes.withLock { $0 = [] }
    onRest()
  }
}
