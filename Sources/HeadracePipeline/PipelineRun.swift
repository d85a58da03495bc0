import HeadraceCore
import HeadraceSystem
import Synchronization

/// A plan at work: runs one epoch after the other on a pool of lanes, and begins to read the next while the last
/// samples of this one are on their way.
package final class PipelineRun: Sendable {
  /// An epoch that has been started and is not at rest.
  struct Epoch {
    let generation: Generation
    let onEnd: @Sendable (RunOutcome) -> Void
    var outcome: RunOutcome?
    /// Sources that have more to read.
    var sourcesLeft: Int
  }

  struct State {
    var epochs: [Epoch?] = [nil, nil]
    /// Which of them an epoch is being built for.
    var isReserved = [false, false]
  }

  let plan: PipelinePlan
  private let sink: (any BatchSink)?
  private let transport: (any CallTransport)?
  let scheduler: Scheduler
  let alarm: Alarm
  let budget: ByteBudget?
  private let gate: SuspectGate?
  let observer: (any RunObserver)?
  /// Wakes who takes the elements of a pipeline without batches.
  private let wakeOutside: (@Sendable () -> Void)?
  let metrics: [StageMetrics]
  private let memories: [StageMemory]
  /// One for each folder that failed samples are kept in.
  private let quarantines: [String: QuarantineWriter]
  let state = Mutex(State())
  private let isTicking = Atomic<Bool>(false)
  /// Nil where no stage is automatic.
  let tuning: Mutex<TuningLoop?> = Mutex(nil)
  let isInLap = Atomic<Bool>(false)
  private let hooks: RunHooks
  let reports: Mutex<ReportLoop?> = Mutex(nil)

  /// How often held-up threads are looked for: a sample that turns out slow holds up the others of its chunk for at
  /// most twice as long.
  private static let tickNanoseconds: UInt64 = 10_000_000

  /// Brings plan, memory and threads together; nothing runs before `start`.
  ///
  /// - Parameters:
  ///   - sink: where the batches go; nil for a pipeline that gives its elements one by one.
  ///   - threads: the most samples that are worked on at one time, but for stages with a pool of their own.
  ///   - transport: to the processes that call the closures of stages that work sample by sample; nil: this one calls
  ///     them.
  ///   - suspects: samples that were at work when earlier processes ended that ran the pipeline.
  ///   - hooks: called around stages and tasks.
  ///   - rank: that of the threads which all stages share; nil: as the process.
  ///   - yields: asked by a thread after each piece of work: whether it offers its processor to others; nil: never.
  /// - Throws: EAGAIN when the system permits no further thread.
  package init(
    _ plan: PipelinePlan, sink: (any BatchSink)?, threads: Int, transport: (any CallTransport)? = nil,
    suspects: [Suspect] = [], observer: (any RunObserver)? = nil,
    hooks: RunHooks = RunHooks(), rank: (any LaneRank)? = nil, yields: (@Sendable () -> Bool)? = nil,
    wakeOutside: (@Sendable () -> Void)? = nil
  ) throws(Errno) {
    self.plan = plan
    self.sink = sink
    self.transport = transport
    gate = SuspectGate(plan.watched(suspects, hasTransport: transport != nil))
    self.observer = observer
    self.hooks = hooks
    self.wakeOutside = wakeOutside
    metrics = plan.stages.map(StageMetrics.init)
    memories = plan.stages.map { _ in StageMemory() }
    quarantines = Dictionary(
      plan.stages.compactMap(\.failurePolicy.quarantinePath).map { ($0, QuarantineWriter(path: $0)) },
      uniquingKeysWith: { first, _ in first })
    budget = plan.limits.bytes.map(ByteBudget.init)
    let alarm = Alarm()
    try Thread.start(name: "headrace-alarm") { alarm.serve() }
    do throws(Errno) {
      var pools = [
        try LanePool(threads: threads, niceness: rank?.initialNiceness ?? 0) { name, body throws(Errno) in
          try Thread.start(name: name, body)
        }
      ]
      var setups: [SchedulerState.StageSetup] = []
      for stage in plan.stages {
        var setup = SchedulerState.StageSetup(
          concurrency: stage.concurrency.count, priority: stage.options.priority)
        if let own = stage.options.pool {
          setup.pool = pools.count
          pools.append(
            try LanePool(threads: own.threads) { name, body throws(Errno) in
              try Thread.start(name: name, niceness: own.niceness, body)
            })
        }
        setups.append(setup)
      }
      scheduler = Scheduler(setups, pools: pools, observer: observer, yields: yields, rank: rank)
    } catch {
      alarm.end()
      throw error
    }
    self.alarm = alarm
    scheduler.tellOfWork { [weak self] in self?.beginTicking() }
  }

  deinit {
    alarm.end()
    endReports(timeout: .zero)
  }

  // MARK: Epochs

  /// Starts an epoch and returns at once. It may be the second at work; then it gets as far as it can without
  /// publishing a batch, until `open`.
  ///
  /// - Parameters:
  ///   - isOpen: whether its batches may be published.
  ///   - onSourceEnd: called once, from any thread, when all has been read: the next epoch may be started, not yet
  ///     open.
  ///   - onEnd: called once, from any thread, when the outcome is decided: all batches have been
  ///     published, but for those that were complete at the moment of a `stop()`, which may follow until `onRest`.
  ///   - onRest: called once, after `onEnd`, when nothing of the epoch runs any more.
  /// - Precondition: at most one other epoch is not at rest.
  package func start(
    epoch: Int, isOpen: Bool = true, onSourceEnd: @escaping @Sendable () -> Void = {},
    onEnd: @escaping @Sendable (RunOutcome) -> Void, onRest: @escaping @Sendable () -> Void
  ) {
    let (slot, stoodStill) = state.withLock { state in
      guard let slot = state.epochs.indices.first(where: { state.epochs[$0] == nil && !state.isReserved[$0] }) else {
        preconditionFailure("epoch \(epoch) was started while two others run")
      }
      state.isReserved[slot] = true
      return (slot, state.epochs.allSatisfy { $0 == nil })
    }
    let generation = Generation(slot: slot, epoch: epoch) { [self] in rest(slot, onRest) }
    if isOpen { generation.open() }
    budget?.begin(slot)
    let parts = build(generation, onSourceEnd)
    let sources = plan.stages.indices.filter { plan.stages[$0].kind == .source }
    scheduler.begin(generation, parts)
    // Last and all at once: from here on any thread may signal and stop.
    state.withLock { state in
      state.isReserved[slot] = false
      state.epochs[slot] = Epoch(
        generation: generation, onEnd: onEnd, sourcesLeft: sources.count)
    }
    callStageHook(.began, epoch)
    reports.withLock { $0 }?.begin()
    if let tuning = tuning.withLock({ $0 }) {
      if stoodStill { tuning.restart() }
      beginLap(tuning)
    }
    for source in sources { scheduler.signal(slot * plan.stages.count + source) }
  }

  /// The batches of an epoch may be published from now on, since those of the epoch before have been.
  package func open(epoch: Int) {
    guard let generation = find(epoch) else { return }
    generation.open()
    scheduler.signal((generation.slot + 1) * plan.stages.count - 1)
  }

  /// The sink has memory again after it had none.
  package func sinkHasSpace() {
    for epoch in state.withLock({ $0.epochs.compactMap(\.self) }) where epoch.generation.isOpen {
      scheduler.signal((epoch.generation.slot + 1) * plan.stages.count - 1)
    }
  }

  /// Ends all epochs that run: nothing new starts, and `onRest` follows when what runs has ended.
  package func stop() {
    for epoch in state.withLock({ $0.epochs.compactMap(\.self) }) { end(epoch.generation, .stopped) }
  }

  /// Ends one epoch, if it runs.
  package func stop(epoch: Int) {
    if let generation = find(epoch) { end(generation, .stopped) }
  }

  /// Who takes the elements of an epoch one by one has come to its end.
  func complete(epoch: Int, _ outcome: RunOutcome) {
    if let generation = find(epoch) { end(generation, outcome) }
  }

  /// What comes out of an epoch of a pipeline without batches.
  func output(epoch: Int) -> HandoverQueue? {
    state.withLock { state in
      state.epochs.compactMap(\.self).first { $0.generation.epoch == epoch && $0.outcome == nil }?.generation.allQueues
        .last
    }
  }

  /// What operations of all epochs are under way for.
  var operations: [RunningCall] {
    state.withLock { $0.epochs.compactMap { $0?.generation } }.flatMap(\.operations)
  }

  private func find(_ epoch: Int) -> Generation? {
    state.withLock { $0.epochs.compactMap(\.self).first { $0.generation.epoch == epoch }?.generation }
  }

  private func build(
    _ generation: Generation, _ onSourceEnd: @escaping @Sendable () -> Void
  ) -> RunBuilder.Parts {
    RunBuilder(
      plan: plan, generation: generation, metrics: metrics, memories: memories, quarantines: quarantines,
      scheduler: scheduler, alarm: alarm, budget: budget, gate: gate,
      observer: observer, hooks: hooks, sink: sink, transport: transport, wakeOutside: wakeOutside,
      sourceHasEnded: { [weak self] in
        let wasLast = self?.state.withLock { state in
          state.epochs[generation.slot]?.sourcesLeft -= 1
          return state.epochs[generation.slot]?.sourcesLeft == 0
        }
        if wasLast == true { onSourceEnd() }
      },
      complete: { [weak self] in self?.end(generation, $0) }
    ).build()
  }

  private func end(_ generation: Generation, _ outcome: RunOutcome) {
    let onEnd: (@Sendable (RunOutcome) -> Void)? = state.withLock { state in
      guard let epoch = state.epochs[generation.slot], epoch.generation === generation, epoch.outcome == nil else {
        return nil
      }
      state.epochs[generation.slot]?.outcome = outcome
      return epoch.onEnd
    }
    guard let onEnd else { return }
    onEnd(outcome)
    // What waits is for nobody to take.
    for queue in generation.allQueues { queue.endOccupancy() }
    scheduler.drain(generation)
  }

  private func rest(_ slot: Int, _ onRest: @Sendable () -> Void) {
    var refused: Set<Int> = []
    let epoch: Int? = state.withLock { state in
      guard let epoch = state.epochs[slot] else { return nil }
      // Under the lock, so that an epoch that ends meanwhile is counted once.
      for (stage, metrics) in metrics.enumerated() { metrics.add(flow(behind: stage, epoch)) }
      // Before another epoch can have the slot.
      refused = budget?.clear(slot) ?? []
      state.epochs[slot] = nil
      return epoch.generation.epoch
    }
    for stage in refused { scheduler.signal(stage) }
    if let epoch {
      gate?.endEpoch(epoch)
      callStageHook(.ended, epoch)
      reports.withLock { $0 }?.endEpoch()
    }
    onRest()
  }

  // MARK: Relief

  private func beginTicking() {
    guard !isTicking.exchange(true, ordering: .acquiringAndReleasing) else { return }
    alarm.call(at: MonotonicClock.now + Self.tickNanoseconds) { [weak self] in self?.tick() }
  }

  private func tick() {
    isTicking.store(false, ordering: .releasing)
    if relieve() { beginTicking() }
  }

  /// Takes work off threads that are held up by one sample, for others to go on with. The run does so by itself, every
  /// 10 ms while anything is at work.
  ///
  /// Quick samples are worked on in chunks. If one of them takes long after all, or never ends, this hands on those of
  /// its chunk that are done, and gives those that were not begun to whoever is free.
  ///
  /// - Returns: whether anything is at work.
  package func relieve() -> Bool { scheduler.relieve() }

  // MARK: Hooks

  private func callStageHook(_ phase: StageEvent.Phase, _ epoch: Int) {
    guard let hook = hooks.stage else { return }
    for stage in plan.stages { hook(StageEvent(stage: stage.name, epoch: epoch, phase: phase)) }
  }
}
