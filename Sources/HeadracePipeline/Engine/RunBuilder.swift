import HeadraceCore

/// Collects the nodes of a run while a pipeline's stages add them, the source first.
final class RunBuilder {
  private let plan: PipelinePlan
  private let epoch: Int
  private let metrics: [StageMetrics]
  private let scheduler: Scheduler
  private let observer: (any RunObserver)?
  private let complete: @Sendable (RunOutcome) -> Void
  private(set) var nodes: [any StageNode] = []

  init(
    plan: PipelinePlan, epoch: Int, metrics: [StageMetrics], scheduler: Scheduler, observer: (any RunObserver)?,
    complete: @escaping @Sendable (RunOutcome) -> Void
  ) {
    self.plan = plan
    self.epoch = epoch
    self.metrics = metrics
    self.scheduler = scheduler
    self.observer = observer
    self.complete = complete
  }

  func stage(_ index: Int) -> StageContext {
    StageContext(
      index: index, epoch: epoch, description: plan.stages[index], metrics: metrics[index], scheduler: scheduler,
      observer: observer, complete: complete)
  }

  /// The queue between stage `producer` and the next.
  func makeQueue(producer: Int, capacity: Int?) -> HandoverQueue {
    let from = plan.stages[producer]
    let to = plan.stages[producer + 1]
    let state = Handover(
      ordering: from.ordering, policy: from.failurePolicy, fixedCapacity: capacity.map { $0 + from.concurrency },
      minimumCapacity: 2 * max(from.concurrency, to.concurrency))
    return HandoverQueue(state: state, scheduler: scheduler, producer: producer)
  }

  func add(_ node: any StageNode) {
    nodes.append(node)
  }
}
