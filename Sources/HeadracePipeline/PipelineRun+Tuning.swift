import HeadraceCore
import HeadraceSystem
import Synchronization

extension PipelineRun {
  /// Has the concurrency of automatic stages found from now on; nothing happens where there is none. To be called
  /// before the first epoch.
  ///
  /// - Parameters:
  ///   - period: how long a lap is.
  ///   - progress: what the consumer has taken, and how long it has waited; called once a lap.
  package func tune(
    every period: Duration = Autotuner.period, progress: @escaping @Sendable () -> ConsumerProgress
  ) {
    guard plan.stages.contains(where: \.concurrency.isAutomatic) else { return }
    let coreCount = ProcessorCount.available
    let limits = TuningLimits(
      coreCount: coreCount, cpuBudget: plan.limits.cores.map { min($0, Double(coreCount)) },
      byteBudget: plan.limits.bytes)
    tuning.withLock { $0 = TuningLoop(plan.stages, limits: limits, period: period, progress: progress) }
  }

  func beginLap(_ tuning: TuningLoop) {
    guard !isInLap.exchange(true, ordering: .acquiringAndReleasing) else { return }
    alarm.call(at: MonotonicClock.now + tuning.periodNanoseconds) { [weak self] in self?.endLap(tuning) }
  }

  private func endLap(_ tuning: TuningLoop) {
    isInLap.store(false, ordering: .releasing)
    guard state.withLock({ $0.epochs.contains { $0 != nil } }) else { return }
    let notes = tuning.endLap(counters(tuning.progress()))
    apply(tuning.concurrency)
    if let observer { for note in notes { observer.tuned(note) } }
    beginLap(tuning)
  }

  private func counters(_ progress: ConsumerProgress) -> TuningCounters {
    TuningCounters(
      time: MonotonicClock.now, progress: progress, cpuNanoseconds: ResourceUsage.current.cpuNanoseconds,
      laneCount: scheduler.sharedLaneCount, byteCountInFlight: budget?.use.now ?? 0,
      stages: snapshot(outsideWait: HandWait()).map(TuningCounters.Stage.init))
  }

  /// Sets the concurrency of all stages, at any moment and from any thread.
  func apply(_ concurrency: [Int]) {
    for (stage, count) in concurrency.enumerated() where scheduler.concurrency(of: stage) != count {
      scheduler.setConcurrency(count, of: stage)
    }
    // Of all queues, changed or not: an epoch that began meanwhile may have made some for what was.
    for epoch in state.withLock({ $0.epochs.compactMap(\.self) }) {
      for (edge, queue) in zip(plan.graph.edges, epoch.generation.allQueues) {
        queue.setCapacity(QueueBounds(edge) { concurrency[$0] })
      }
    }
  }

  /// What automatic concurrency has decided, the newest 1,000.
  package var decisions: [TuningNote] { tuning.withLock { $0 }?.notes ?? [] }

  /// What automatic concurrency has come to.
  package var frozenTuning: FrozenTuning { FrozenTuning(plan.stages, statistics()) }
}
