import HeadraceCore

/// Makes the queues and nodes of one epoch from a plan.
struct RunBuilder {
  let plan: PipelinePlan
  let generation: Generation
  let metrics: [StageMetrics]
  let scheduler: Scheduler
  let alarm: Alarm
  let budget: ByteBudget?
  let observer: (any RunObserver)?
  let sink: (any BatchSink)?
  /// Wakes who takes the elements of a pipeline without batches.
  let wakeOutside: (@Sendable () -> Void)?
  let sourceHasEnded: @Sendable () -> Void
  let complete: @Sendable (RunOutcome) -> Void

  /// What an epoch is made of.
  struct Parts {
    /// One per stage.
    var nodes: [any StageNode] = []
    /// One per edge of the graph.
    var queues: [HandoverQueue] = []
  }

  func build() -> Parts {
    let total = plan.limits.failures.map(FailureTotal.init)
    var parts = Parts()
    parts.queues = plan.graph.edges.map { makeQueue($0, total) }
    for (index, blueprint) in plan.graph.stages.enumerated() {
      let inputs = plan.graph.edges.indices.filter { plan.graph.edges[$0].consumer == index }
      let outputs = plan.graph.edges.indices.filter { plan.graph.edges[$0].producer == index }
        .sorted { plan.graph.edges[$0].port < plan.graph.edges[$1].port }
      parts.nodes.append(
        blueprint.makeNode(
          StageAssembly(
            stage: context(index, total), inputs: inputs.map { parts.queues[$0] },
            outputs: outputs.map { parts.queues[$0] }, sink: sink)))
    }
    return parts
  }

  private func number(_ stage: Int) -> Int { generation.slot * plan.stages.count + stage }

  private func context(_ index: Int, _ total: FailureTotal?) -> StageContext {
    StageContext(
      index: index, number: number(index), description: plan.stages[index], metrics: metrics[index],
      generation: generation, scheduler: scheduler, alarm: alarm, budget: budget, failureTotal: total,
      observer: observer, sourceHasEnded: sourceHasEnded, complete: complete)
  }

  private func makeQueue(_ edge: PipelineGraph.Edge, _ total: FailureTotal?) -> HandoverQueue {
    let from = plan.stages[edge.producer]
    let others = edge.consumer.map { plan.stages[$0].concurrency.maximum } ?? 1
    // Of an automatic concurrency, room for what it may become would be room for too much.
    let hands = max(from.concurrency.isAutomatic ? 4 : from.concurrency.maximum, min(others, 4096))
    let state = Handover(
      ordering: plan.graph.stages[edge.producer].outputOrdering, policy: from.failurePolicy,
      fixedCapacity: edge.prefetch.items.map { $0 + from.concurrency.initial }, minimumCapacity: 2 * hands,
      byteCapacity: edge.prefetch.bytes, total: total)
    var drop: (@Sendable (Int) -> Void)?
    if let budget {
      let slot = generation.slot
      drop = { [scheduler] byteCount in
        for stage in budget.settle(0, bytes: 0, released: byteCount, made: 0, of: slot) { scheduler.signal(stage) }
      }
    }
    return HandoverQueue(
      state: state, scheduler: scheduler, producer: number(edge.producer), consumer: edge.consumer.map(number),
      wakeOutside: edge.consumer == nil ? wakeOutside : nil, drop: drop)
  }
}
