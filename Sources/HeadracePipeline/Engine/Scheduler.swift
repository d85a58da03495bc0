import HeadraceCore
import HeadraceSystem
import Synchronization

/// Runs stages on lanes as they become ready: for all epochs of a run, of which two can be at work at one time.
final class Scheduler: Sendable {
  private let state: Mutex<SchedulerState>
  /// The lanes of all pools, by their numbers, and those that were added.
  private let lanes: Mutex<[Lane]>
  private let pools: [LanePool]
  private let generations: Mutex<[Generation?]> = Mutex([nil, nil])
  private let observer: (any RunObserver)?
  private let yields: (@Sendable () -> Bool)?
  private let rank: (any LaneRank)?
  /// Told when work begins after there was none.
  private let listener: Mutex<Listener?> = Mutex(nil)
  private let addedLanes = Mutex<[Lane]>([])

  /// - Parameters:
  ///   - yields: asked after each piece of work: whether the lane offers its processor to others; nil: never.
  ///   - rank: that of lanes of the first pool; nil: as the process.
  init(
    _ setups: [SchedulerState.StageSetup], pools: [LanePool], observer: (any RunObserver)?,
    yields: (@Sendable () -> Bool)? = nil, rank: (any LaneRank)? = nil
  ) {
    state = Mutex(SchedulerState(setups, pools: pools.map(\.count)))
    lanes = Mutex(pools.flatMap(\.lanes))
    self.pools = pools
    self.observer = observer
    self.yields = yields
    self.rank = rank
  }

  deinit {
    addedLanes.withLock { lanes in for lane in lanes { lane.end() } }
  }

  /// Whom to tell that there is work after there was none.
  func tellOfWork(_ body: @escaping @Sendable () -> Void) { listener.withLock { $0 = Listener(workBegins: body) } }

  /// A closure that a lock holds by itself is wrapped once more by each look at it, and a call goes through all
  /// wrappings: Swift converts it on its way into and out of what is generic. A struct is passed as it is.
  private struct Listener: Sendable {
    let workBegins: @Sendable () -> Void
  }

  // MARK: Generations

  /// Starts an epoch with these nodes and queues. The epoch before may still be at work, but the one before that must
  /// be at rest.
  func begin(_ generation: Generation, _ parts: RunBuilder.Parts) {
    generation.install(parts)
    generations.withLock { $0[generation.slot] = generation }
    state.withLock { $0.begin(generation.slot, now: MonotonicClock.now) }
  }

  /// Lets nothing new of an epoch start; its `onRest` follows when what runs has ended.
  func drain(_ generation: Generation) {
    let isFirst = state.withLock { state in
      // Until the nodes are let go of here too, the epoch is not at rest.
      guard state.beginRelief(generation.slot) else { return false }
      state.drain(generation.slot, now: MonotonicClock.now)
      generation.beginDraining()
      return true
    }
    guard isFirst else { return }
    cancelNodes(of: generation)
    letGo(generation)
  }

  private func cancelNodes(of generation: Generation) {
    for node in generation.allNodes { node.cancel() }
  }

  /// An operation begins, which no lane works on while it waits, and which keeps the epoch from coming to rest until
  /// `endOperation`. Returns whether it may begin; if not, the stage is signalled when it may.
  ///
  /// - Parameter stage: as the scheduler knows it.
  func beginOperation(of stage: Int) -> Bool {
    let now = MonotonicClock.now
    return state.withLock { $0.beginOperation(of: stage, now: now) }
  }

  func endOperation(of stage: Int, _ generation: Generation) {
    let now = MonotonicClock.now
    let (refused, isAtRest) = state.withLock { state in
      (state.endOperation(of: stage, now: now), state.isAtRest(generation.slot))
    }
    for number in refused { signal(number) }
    if isAtRest { rest(generation) }
  }

  /// Operations are not wanted any more, and told to end: others may begin in their places, and the epoch does not come
  /// to rest until each has its `endAbandonedOperation`.
  ///
  /// - Parameter stage: as the scheduler knows it.
  func abandonOperations(_ count: Int, of stage: Int) {
    let now = MonotonicClock.now
    for number in state.withLock({ $0.abandonOperations(count, of: stage, now: now) }) { signal(number) }
  }

  func endAbandonedOperation(of generation: Generation) { letGo(generation) }

  private func hold(_ generation: Generation) -> Bool {
    state.withLock { $0.beginRelief(generation.slot) }
  }

  /// The same of one that may have ended. It is looked at together with who has its slot: what is held must be its own.
  private func holdUnlessAtRest(_ generation: Generation) -> Bool {
    generations.withLock { generations in
      generations[generation.slot] === generation
        && state.withLock { $0.beginReliefUnlessAtRest(generation.slot) }
    }
  }

  private func letGo(_ generation: Generation) {
    if endHold(generation) { rest(generation) }
  }

  /// Returns whether it is at rest now.
  private func endHold(_ generation: Generation) -> Bool {
    state.withLock { state in
      state.endRelief(generation.slot)
      return state.isAtRest(generation.slot)
    }
  }

  private func rest(_ generation: Generation) {
    let isFirst = generations.withLock { generations in
      guard generations[generation.slot] === generation else { return false }
      generations[generation.slot] = nil
      return true
    }
    if isFirst { generation.rest() }
  }

  // MARK: Work

  /// A stage may have something to do: input, room, or an ending.
  func signal(_ stage: Int) {
    let (lane, isFirst) = state.withLock { state in
      let lane = state.signal(stage, now: MonotonicClock.now)
      return (lane, lane != nil && state.laneUse.busy == 1)
    }
    if let lane { start(lane) }
    if isFirst { listener.withLock { $0 }?.workBegins() }
  }

  private func start(_ lane: Int) {
    let own = lanes.withLock { $0[lane] }
    own.start { self.work(own, lane) }
  }

  /// Runs slices while there are any. Returns whether the thread is to wait for others; if not, another one goes on.
  @Sendable private func work(_ own: Lane, _ lane: Int) -> Bool {
    // For what closures say to a log: which run and lane it is.
    guard let observer else { return run(own, lane) }
    return ThreadPlace.with(observer, lane) { run(own, lane) }
  }

  private func run(_ own: Lane, _ lane: Int) -> Bool {
    while true {
      if let rank, lane < pools[0].count, own.wanted.load(ordering: .relaxed) != rank.niceness, follow(rank, own, lane)
      {
        return false
      }
      guard runNext(lane) else { return true }
    }
  }

  /// A lane is to have another rank. Returns whether another thread goes on with it.
  private func follow(_ rank: any LaneRank, _ own: Lane, _ lane: Int) -> Bool {
    let (now, wanted) = (own.niceness.load(ordering: .relaxed), rank.niceness)
    own.wanted.store(wanted, ordering: .relaxed)
    if wanted >= now {
      rank.lower(from: now, to: wanted)
      own.niceness.store(wanted, ordering: .relaxed)
      return false
    }
    do throws(Errno) {
      try rank.start(name: "headrace-\(lane)", niceness: wanted) {
        own.niceness.store(wanted, ordering: .relaxed)
        own.serve { self.work(own, lane) }
      }
      return true
    } catch {
      // No further thread is permitted: it stays as it is until another rank is wanted.
      return false
    }
  }

  /// Runs the next slice. Returns whether to call again.
  private func runNext(_ lane: Int) -> Bool {
    if let stage = state.withLock({ $0.next(lane: lane, now: MonotonicClock.now) }) {
      let (result, generation) = runSlice(stage, lane: lane)
      observer?.end(lane: lane)
      offerProcessor()
      let (isSpare, isAtRest) = state.withLock { state in
        if let back = state.takeBack(lane: lane) { return (back == .spare, false) }
        state.end(stage, result, now: MonotonicClock.now)
        return (false, generation.isDraining && state.isAtRest(generation.slot))
      }
      if isAtRest { rest(generation) }
      return !isSpare
    }
    return false
  }

  /// A piece of work is done: where that is asked for, a thread of another process that wants this processor gets it
  /// now.
  ///
  /// A thread of the lowest rank is still given a turn now and then, and keeps it until the kernel's next tick, up to 4
  /// ms, in which the thread that it was taken from stands still. Who yields has a turn of one sample instead.
  func offerProcessor() { if let yields, yields() { Thread.yield() } }

  /// The node is let go of before the slice counts as ended: once all have, none may be kept alive by a lane, since its
  /// buffers are to go back before `onRest`.
  private func runSlice(_ number: Int, lane: Int) -> (SliceResult, Generation) {
    let (slot, stage) = number.quotientAndRemainder(dividingBy: state.withLock { $0.stageCount })
    guard let generation = generations.withLock({ $0[slot] }) else {
      preconditionFailure("stage \(stage) of no epoch has a turn")
    }
    let node = generation.node(stage)
    return (node?.runSlice(lane: lane) ?? .finished, generation)
  }

  // MARK: Relief

  /// Relieves the lanes that are held up. Returns whether to call again: any lane is at work, or an operation waits,
  /// whose time may be over before any lane is.
  ///
  /// What is handed on here may end an epoch, and the nodes are kept alive meanwhile: so it comes to rest after this
  /// only.
  func relieve() -> Bool {
    for generation in generations.withLock({ $0.compactMap(\.self) }) where holdUnlessAtRest(generation) {
      for node in generation.nodesToRelieve { node.relieve() }
      guard endHold(generation) else { continue }
      // Who hears of it, and samples that go then, may take their time, for which the alarm cannot wait.
      if (try? Thread.start(name: "headrace-rest", { self.rest(generation) })) == nil { rest(generation) }
    }
    return state.withLock { $0.isAtWork || $0.isHeld }
  }

  /// A lane is stuck in a sample whose time is over: the epoch goes on without it.
  ///
  /// - Parameter stage: as the scheduler knows it.
  /// - Precondition: the lane is in a slice of the stage and cannot leave it meanwhile.
  func abandon(lane: Int, in stage: Int) {
    state.withLock { $0.abandon(lane: lane, in: stage, now: MonotonicClock.now) }
  }

  /// Another lane takes the place of one that was abandoned, if the system permits one.
  ///
  /// - Parameter stage: as the scheduler knows it.
  func replaceLane(of stage: Int) {
    if let spare = state.withLock({ $0.takeSpare(of: stage) }) { return start(spare) }
    let lane = Lane()
    guard (try? Thread.start(name: "headrace-spare") { lane.serve() }) != nil else {
      // Then the lane itself goes on, when its call returns.
      return state.withLock { $0.missReplacement(of: stage) }
    }
    addedLanes.withLock { $0.append(lane) }
    let number = lanes.withLock { lanes in
      lanes.append(lane)
      return state.withLock { $0.addLane(of: stage) }
    }
    start(number)
  }

  /// Lets a node fail calls whose time is over, on a thread of its own: to keep their samples is files and users' code,
  /// for which the alarm cannot wait, and for a turn of the stage there may never be a lane.
  ///
  /// - Parameter stage: its place in the pipeline.
  func failOverdue(of stage: Int, _ generation: Generation) {
    // Else the node is cancelled, and does it then.
    guard hold(generation) else { return }
    let fail: @Sendable () -> Void = {
      generation.node(stage)?.failOverdue()
      self.letGo(generation)
    }
    if (try? Thread.start(name: "headrace-late", fail)) == nil { fail() }
  }

  // MARK: Looked at by others

  /// How each stage has spent its time, over all epochs so far.
  var times: [StageTimes] {
    state.withLock { $0.times(now: MonotonicClock.now) }
  }

  var laneUse: (busy: Int, all: Int) { state.withLock { $0.laneUse } }

  /// Lanes that all stages share which have none of their own.
  var sharedLaneCount: Int { pools[0].count }

  func activeCount(of stage: Int) -> Int { state.withLock { $0.activeCount(of: stage) } }

  func concurrency(of stage: Int) -> Int { state.withLock { $0.concurrency(of: stage) } }

  func setConcurrency(_ concurrency: Int, of stage: Int) {
    for number in state.withLock({ $0.setConcurrency(concurrency, of: stage, now: MonotonicClock.now) }) {
      signal(number)
    }
  }
}
