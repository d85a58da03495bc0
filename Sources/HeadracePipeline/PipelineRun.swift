import HeadraceCore
import Synchronization

/// A plan at work: runs one epoch after the other on a pool of lanes.
package final class PipelineRun: Sendable {
  private struct State {
    var scheduler: Scheduler?
    var outcome: RunOutcome?
    var stop: (@Sendable () -> Void)?
  }

  private let plan: PipelinePlan
  private let sink: any BatchSink
  private let lanes: LanePool
  private let observer: (any RunObserver)?
  private let metrics: [StageMetrics]
  private let state = Mutex(State())

  /// Brings plan, memory and threads together; nothing runs before `start`.
  ///
  /// - Parameters:
  ///   - sink: where the batches go.
  ///   - lanes: threads that the stages share.
  package init(_ plan: PipelinePlan, sink: any BatchSink, lanes: LanePool, observer: (any RunObserver)? = nil) {
    self.plan = plan
    self.sink = sink
    self.lanes = lanes
    self.observer = observer
    metrics = plan.stages.map(StageMetrics.init)
  }

  /// Runs an epoch and returns at once.
  ///
  /// - Parameters:
  ///   - onEnd: called once, from any thread, when the outcome is decided: all batches have been
  ///     published, but for those that were complete at the moment of a `stop()`, which may follow until `onRest`.
  ///   - onRest: called once, after `onEnd`, when nothing of the epoch runs any more; then the next may start.
  /// - Precondition: the epoch before is at rest.
  package func start(
    epoch: Int, onEnd: @escaping @Sendable (RunOutcome) -> Void, onRest: @escaping @Sendable () -> Void
  ) {
    let scheduler = Scheduler(
      concurrency: plan.stages.map(\.concurrency), lanes: lanes, observer: observer,
      onRest: { [self] in
        state.withLock { state in
          guard let times = state.scheduler?.times() else { return }
          for (metrics, times) in zip(metrics, times) { metrics.add(times) }
          state.scheduler = nil
        }
        onRest()
      })
    scheduler.install(makeNodes(epoch, scheduler) { [self] outcome in end(outcome, onEnd: onEnd, scheduler) })
    // Last and all at once: from here on any thread may signal and stop.
    state.withLock { state in
      precondition(state.scheduler == nil, "epoch \(epoch) was started while another one runs")
      state.scheduler = scheduler
      state.outcome = nil
      state.stop = { [self] in end(.stopped, onEnd: onEnd, scheduler) }
    }
    scheduler.signal(0)
  }

  /// How often to call `relieve`: a sample that turns out slow holds up the others of its chunk for at most twice as long.
  package static let relievePeriod = Duration.milliseconds(10)

  /// Takes work off threads that are held up by one sample, for others to go on with.
  ///
  /// Quick samples are worked on in chunks. If one of them takes long after all, or never ends, this hands on those of
  /// its chunk that are done, and gives those that were not begun to whoever is free.
  ///
  /// - Returns: whether to call again after `relievePeriod`: anything is at work. Otherwise, or once the epoch is stopped,
  ///   there is nothing to do until the run is started or the sink has memory again.
  package func relieve() -> Bool {
    state.withLock { $0.scheduler }?.relieve() ?? false
  }

  /// The sink has memory again after it had none.
  package func sinkHasSpace() {
    state.withLock { $0.scheduler }?.signal(plan.stages.count - 1)
  }

  /// Ends the epoch, if one runs: nothing new starts, and `onRest` follows when what runs has ended.
  package func stop() {
    state.withLock { $0.stop }?()
  }

  /// The statistics of all stages, from the source to the batch, over all epochs so far.
  package func statistics() -> [StageStatistics] {
    // Under the lock, so that an epoch that ends meanwhile is counted once.
    state.withLock { state in
      let running = state.scheduler?.times() ?? metrics.map { _ in StageTimes() }
      return zip(metrics, running).map { $0.statistics(running: $1) }
    }
  }

  private func makeNodes(
    _ epoch: Int, _ scheduler: Scheduler, complete: @escaping @Sendable (RunOutcome) -> Void
  ) -> [any StageNode] {
    let builder = RunBuilder(
      plan: plan, epoch: epoch, metrics: metrics, scheduler: scheduler, observer: observer, complete: complete)
    plan.build(builder, sink)
    return builder.nodes
  }

  private func end(_ outcome: RunOutcome, onEnd: (RunOutcome) -> Void, _ scheduler: Scheduler) {
    let isFirst = state.withLock { state in
      guard state.scheduler === scheduler, state.outcome == nil else { return false }
      state.outcome = outcome
      state.stop = nil
      return true
    }
    guard isFirst else { return }
    onEnd(outcome)
    scheduler.drain()
  }
}
