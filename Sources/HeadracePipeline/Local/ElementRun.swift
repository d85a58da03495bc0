import HeadraceCore
import HeadraceSystem
import Synchronization

/// Runs a pipeline on threads of this process and gives its elements one by one: what `Elements` does, whatever their
/// type.
///
/// While an epoch's last samples are on their way the next one is started, so that its first are ready when they are
/// asked for.
final class ElementRun: Sendable {
  private struct State {
    /// The epoch that `next` takes from.
    var epoch = 0
    /// The next one to start.
    var unstarted = 0
    /// Of the epoch `unstarted - 1` all has been read.
    var sourceHasEnded = false
    /// Epochs that are not at rest.
    var running = 0
    var hasBegun = false
    var isStopped = false
    var items: Deque<Item> = Deque()
    var ending: Ending?
    var size = ChunkSize()
    /// How many were taken last, and when.
    var taken = (count: 0, at: UInt64(0))
    var waitNanoseconds: UInt64 = 0
    /// Since when the consumer waits, if it does.
    var waitingSince: UInt64?
    /// Items that were taken from the last queue.
    var takenCount = 0

    var progress: ConsumerProgress {
      let waiting = waitingSince.map { MonotonicClock.now - $0 } ?? 0
      return ConsumerProgress(takenCount: takenCount - items.count, waitNanoseconds: waitNanoseconds + waiting)
    }
  }

  let run: PipelineRun
  private let epochLimit: Int?
  private let table: LaneTable
  private let state = Mutex(State())
  private let bell: Bell

  /// - Parameter tuningPeriod: how often automatic concurrency looks at what happened.
  /// - Throws: EAGAIN when the system permits no further thread.
  init(
    _ plan: PipelinePlan, threads: Int, epochLimit: Int?, hooks: RunHooks = RunHooks(),
    reporting: StatisticsReporting? = nil, tuningPeriod: Duration = Autotuner.period
  ) throws(Errno) {
    let bell = Bell()
    self.bell = bell
    self.epochLimit = epochLimit
    table = LaneTable(lanes: threads + plan.stages.reduce(0) { $0 + ($1.options.pool?.threads ?? 0) } + 64)
    run = try PipelineRun(
      plan, sink: nil, threads: threads, observer: table, hooks: hooks, wakeOutside: { bell.ring() })
    run.tune(every: tuningPeriod) { [weak self] in self?.state.withLock { $0.progress } ?? ConsumerProgress() }
    if let reporting {
      try run.report(reporting) { [weak self] in self?.state.withLock { $0.waitNanoseconds } ?? 0 }
    }
    startWhatCanBe()
  }

  var epoch: Int { state.withLock { $0.epoch } }
  var hasFurtherEpoch: Bool {
    state.withLock { state in !state.isStopped && epochLimit.map { state.epoch < $0 } ?? true }
  }
  var waitSeconds: Double { state.withLock { Double($0.waitNanoseconds) / 1e9 } }
  func statistics() -> [StageStatistics] {
    run.statistics(outsideWait: HandWait(nanoseconds: state.withLock { $0.waitNanoseconds }))
  }

  func takeFailures() -> FailureReport { table.takeFailures() }

  // MARK: Elements

  /// Called by one thread at a time.
  func next(timeout: Duration?) throws(HeadraceError) -> AnySample? { try nextItem(timeout: timeout)?.value }

  func nextItem(timeout: Duration?) throws(HeadraceError) -> Item? {
    if let item = state.withLock({ state in
      state.hasBegun = true
      return state.items.isEmpty ? nil : state.items.popFirst()
    }) {
      return item
    }
    // The time that the consumer took for those before, without any wait.
    state.withLock { state in
      state.size.adapt(samples: state.taken.count, nanoseconds: MonotonicClock.now - state.taken.at)
      state.taken.count = 0
    }
    var deadline: UInt64?
    var start: UInt64?
    defer {
      if let start {
        state.withLock { state in
          state.waitNanoseconds += MonotonicClock.now - start
          state.waitingSince = nil
        }
      }
    }
    while true {
      let number = bell.number
      switch try look() {
      case .item(let item): return item
      case .end: return nil
      case .nothing: break
      }
      if start == nil {
        let now = MonotonicClock.now
        start = now
        state.withLock { $0.waitingSince = now }
        deadline = timeout.flatMap { MonotonicClock.deadline(after: $0) }
      }
      if !bell.wait(after: number, until: deadline) {
        throw HeadraceError(
          .timedOut, "No element within \(timeout ?? .zero): \(doing). Nothing is lost; call next again.")
      }
    }
  }

  private enum Look {
    case item(Item)
    case end
    case nothing
  }

  private func look() throws(HeadraceError) -> Look {
    let (epoch, isOver, ending) = state.withLock { state in
      (state.epoch, state.isStopped || epochLimit.map { state.epoch >= $0 } ?? false, state.ending)
    }
    if isOver { return .end }
    if let ending { return try end(epoch, ending) }
    guard let queue = run.output(epoch: epoch) else {
      startWhatCanBe()
      return .nothing
    }
    // With a limit on bytes, no more than the consumer will hold.
    let size = run.bytesInFlight == nil ? state.withLock { $0.size.count } : 1
    let taken = queue.take(size, chunk: size)
    for failure in taken.skipped { table.skipped(failure) }
    let first: Item? = state.withLock { state in
      for item in taken.items { state.items.append(item) }
      state.takenCount += taken.items.count
      state.ending = taken.ending
      if !taken.items.isEmpty { state.taken = (taken.items.count, MonotonicClock.now) }
      return state.items.isEmpty ? nil : state.items.popFirst()
    }
    if let first { return .item(first) }
    if let ending = taken.ending { return try end(epoch, ending) }
    return .nothing
  }

  private func end(_ epoch: Int, _ ending: Ending) throws(HeadraceError) -> Look {
    switch ending {
    case .endOfEpoch:
      goOn(after: epoch, .completed)
      return .end
    case .failure(let error):
      goOn(after: epoch, .failed(error))
      throw error
    }
  }

  private func goOn(after epoch: Int, _ outcome: RunOutcome) {
    state.withLock { state in
      state.epoch = epoch + 1
      state.hasBegun = false
      state.items.removeAll()
      state.ending = nil
    }
    run.complete(epoch: epoch, outcome)
    startWhatCanBe()
  }

  func skipRestOfEpoch() {
    let (epoch, hasBegun) = state.withLock { ($0.epoch, $0.hasBegun) }
    if hasBegun { goOn(after: epoch, .stopped) }
  }

  // MARK: Epochs

  /// Starts the epoch that `next` is in if it has not been, and the one after it once all of this one has been read.
  private func startWhatCanBe() {
    while true {
      let epoch: Int? = state.withLock { state in
        guard !state.isStopped, state.running < 2, epochLimit.map({ state.unstarted < $0 }) ?? true else { return nil }
        guard state.unstarted <= state.epoch || (state.unstarted == state.epoch + 1 && state.sourceHasEnded) else {
          return nil
        }
        state.unstarted = max(state.unstarted, state.epoch)
        defer { state.unstarted += 1 }
        state.sourceHasEnded = false
        state.running += 1
        return state.unstarted
      }
      guard let epoch else { return }
      run.start(
        epoch: epoch,
        onSourceEnd: { [weak self] in self?.sourceEnded(epoch) }, onEnd: { _ in },
        onRest: { [weak self] in self?.rested() })
      // Who stopped the run, or left this epoch, before it was started could not end it.
      if state.withLock({ $0.isStopped || epoch < $0.epoch }) { run.stop(epoch: epoch) }
    }
  }

  private func sourceEnded(_ epoch: Int) {
    state.withLock { if $0.unstarted == epoch + 1 { $0.sourceHasEnded = true } }
    startWhatCanBe()
    bell.ring()
  }

  private func rested() {
    state.withLock { $0.running -= 1 }
    startWhatCanBe()
    bell.ring()
  }

  // MARK: Stop

  func stop() {
    state.withLock { state in
      state.isStopped = true
      state.items.removeAll()
    }
    run.stop()
    bell.ring()
  }

  func awaitRest(timeout: Duration) -> [RunningCall] {
    let deadline = MonotonicClock.deadline(after: timeout)
    while true {
      let number = bell.number
      if state.withLock({ $0.running == 0 }) { return [] }
      if !bell.wait(after: number, until: deadline) { return calls }
    }
  }

  private var calls: [RunningCall] { table.calls + run.operations }

  private var doing: String {
    let calls = calls.prefix(4)
      .map { "stage \"\($0.stage)\" works on \($0.sample?.key ?? "sample \($0.position)")" }
    return calls.isEmpty ? "nothing is being worked on" : calls.joined(separator: ", ")
  }
}
