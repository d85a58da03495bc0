import HeadraceCore
import HeadraceSystem

extension PipelineRun {
  /// Reports statistics from now on. To be called before the first epoch.
  ///
  /// - Parameter waited: nanoseconds that the consumer of a pipeline without batches has waited.
  /// - Throws: EAGAIN when the system permits no further thread.
  package func report(
    _ reporting: StatisticsReporting, waited: @escaping @Sendable () -> UInt64 = { 0 }
  ) throws(Errno) {
    let loop = try ReportLoop(reporting) { [weak self] in
      self?.snapshot(outsideWait: HandWait(nanoseconds: waited())) ?? []
    }
    reports.withLock { $0 = loop }
  }

  /// Ends the reports, and waits for the last ones to be handed over.
  package func endReports(timeout: Duration) {
    reports.withLock { $0.take() }?.end(timeout: timeout)
  }

  /// The statistics of all stages over all epochs so far.
  package func statistics() -> [StageStatistics] { statistics(outsideWait: HandWait()) }

  func statistics(outsideWait: HandWait) -> [StageStatistics] { snapshot(outsideWait: outsideWait).map(\.statistics) }

  func snapshot(outsideWait: HandWait) -> [StageSnapshot] {
    // Under the lock, so that an epoch that ends meanwhile is counted once.
    state.withLock { state in
      let epochs = state.epochs.compactMap(\.self)
      let running = zip(plan.stages.indices, scheduler.times).map { stage, times in
        var running = StageMetrics.Running(times: times, concurrency: scheduler.concurrency(of: stage))
        for epoch in epochs {
          running.flow = running.flow + flow(behind: stage, epoch)
          running.activeCount += scheduler.activeCount(of: epoch.generation.slot * plan.stages.count + stage)
        }
        return running
      }
      return metrics.enumerated().map { stage, metrics in
        // Whoever takes from the queues behind a stage: the next, the paths of a route, or somebody outside.
        var getWait = HandWait()
        for edge in plan.graph.edges where edge.producer == stage && !edge.isForWords {
          guard let consumer = edge.consumer else {
            getWait = getWait + outsideWait
            continue
          }
          getWait = getWait + running[consumer].times.getWait
        }
        return metrics.snapshot(running: running[stage], getWait: getWait)
      }
    }
  }

  func flow(behind stage: Int, _ epoch: Epoch) -> QueueFlow {
    var sum = QueueFlow()
    for (edge, queue) in zip(plan.graph.edges, epoch.generation.allQueues)
    where edge.producer == stage && !edge.isForWords {
      sum = sum + queue.flow
    }
    return sum
  }

  /// Bytes of samples in flight, and the most there have been; nil where no limit is set.
  package var bytesInFlight: (now: Int, peak: Int)? { budget?.use }
}
