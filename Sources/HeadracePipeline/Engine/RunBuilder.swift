import HeadraceCore

/// Makes the queues and nodes of one epoch from a plan.
struct RunBuilder {
  let plan: PipelinePlan
  let generation: Generation
  let metrics: [StageMetrics]
  let memories: [StageMemory]
  let quarantines: [String: QuarantineWriter]
  let scheduler: Scheduler
  let alarm: Alarm
  let budget: ByteBudget?
  let gate: SuspectGate?
  let observer: (any RunObserver)?
  let hooks: RunHooks
  let sink: (any BatchSink)?
  /// To the processes that call the closures; nil: this one does.
  let transport: (any CallTransport)?
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
    var parts = Parts()
    let total = plan.limits.failures.map(FailureTotal.init)
    parts.queues = plan.graph.edges.map { makeQueue($0, total) }
    for index in plan.graph.stages.indices {
      parts.nodes.append(makeNode(index, parts.queues, passes: [:], total))
    }
    return parts
  }

  /// Makes nodes anew for all stages before a repeat, and lets them begin.
  ///
  /// - Parameters:
  ///   - pass: which pass the repeat begins.
  ///   - earlier: which pass each repeat is in that has begun again.
  /// - Returns: where the repeat takes from now on.
  private func rebuild(
    before index: Int, pass: Int, of earlier: [Int: Int], _ total: FailureTotal?
  ) -> HandoverQueue {
    let stages = plan.graph.ancestors(of: index)
    var passes = earlier
    passes[index] = pass
    // Those within begin from their first.
    for inner in stages { passes[inner] = nil }
    var queues: [Int: HandoverQueue] = [:]
    var result: HandoverQueue?
    for (number, edge) in plan.graph.edges.enumerated() {
      guard let consumer = edge.consumer, stages.contains(consumer) || consumer == index else { continue }
      let old = generation.queue(number)
      // Whoever took from it may never look again, and what waits there is in flight no longer. Nor does anything go
      // through it any more: so the new one goes on from what did, and a look at either finds all of it.
      old?.cancel()
      let queue = makeQueue(edge, total, after: old?.flow ?? QueueFlow())
      queues[number] = queue
      generation.replaceQueue(number, queue)
      if consumer == index { result = queue }
    }
    guard let result else { preconditionFailure("a repeat takes from nothing") }
    for stage in stages {
      generation.replace(stage, makeNode(stage, queues, passes: passes, total))
    }
    // Last: from here on any of them may be asked for by any other.
    for stage in stages { scheduler.signal(number(stage)) }
    return result
  }

  private func makeNode(
    _ index: Int, _ queues: [HandoverQueue], passes: [Int: Int], _ total: FailureTotal?
  ) -> any StageNode {
    makeNode(index, Dictionary(uniqueKeysWithValues: queues.enumerated().map { ($0, $1) }), passes: passes, total)
  }

  private func makeNode(
    _ index: Int, _ queues: [Int: HandoverQueue], passes: [Int: Int], _ total: FailureTotal?
  ) -> any StageNode {
    let edges = plan.graph.edges
    let inputs = edges.indices.filter { edges[$0].consumer == index }
    let outputs = (0..<plan.graph.stages[index].outputCount).map { port in
      edges.indices.first { edges[$0].producer == index && edges[$0].port == port }.flatMap { queues[$0] }
        ?? makeUnwantedQueue(index)
    }
    let stage = context(index, passes, total)
    var remote: RemoteStage?
    if let transport, let closure = plan.graph.stages[index].closure {
      remote = RemoteStage(closure, stage, transport)
    }
    return plan.graph.stages[index].makeNode(
      StageAssembly(
        stage: stage, inputs: inputs.compactMap { queues[$0] }, outputs: outputs, sink: sink,
        finishes: plan.finishes, remote: remote))
  }

  private func number(_ stage: Int) -> Int { generation.slot * plan.stages.count + stage }

  private func context(_ index: Int, _ passes: [Int: Int], _ total: FailureTotal?) -> StageContext {
    // The outermost repeat counts most.
    var readerEpoch = generation.epoch
    var isLastPass = true
    for outer in plan.graph.repeats(around: index) {
      let pass = passes[outer] ?? 0
      let count = plan.graph.stages[outer].passCount
      readerEpoch = readerEpoch * count + pass
      if pass < count - 1 { isLastPass = false }
    }
    let edgesBehind = budget == nil ? [] : edges(behind: index)
    let nothing: @Sendable () -> Void = {}
    let rebuild: @Sendable (Int) -> HandoverQueue = { pass in self.rebuild(before: index, pass: pass, of: passes, total)
    }
    return StageContext(
      index: index, number: number(index), isTrial: plan.isTrial, description: plan.stages[index],
      metrics: metrics[index],
      memory: memories[index],
      quarantine: plan.stages[index].failurePolicy.quarantinePath.flatMap { quarantines[$0] }, generation: generation,
      readerEpoch: readerEpoch, scheduler: scheduler, alarm: alarm, budget: budget,
      edgesBehind: edgesBehind, stagesBehind: edgesBehind.compactMap { plan.graph.edges[$0].consumer },
      isOut: plan.positionsAreSamples ? sink?.isOut(of: generation.epoch) : nil,
      gate: transport != nil && plan.graph.stages[index].closure != nil ? nil : gate,
      failureTotal: total, observer: observer, stageHook: hooks.stage, taskHook: hooks.task,
      sourceHasEnded: isLastPass ? sourceHasEnded : nothing,
      rebuild: rebuild, complete: complete)
  }

  /// For an output that nobody takes from, in a part of a pipeline that runs by itself.
  private func makeUnwantedQueue(_ producer: Int) -> HandoverQueue {
    var state = Handover(ordering: .input, policy: .raise, fixedCapacity: 1, minimumCapacity: 1)
    state.cancel()
    return HandoverQueue(state: state, scheduler: scheduler, producer: number(producer), consumer: nil)
  }

  private func edges(behind stage: Int) -> [Int] {
    plan.graph.edges.indices.filter { number in
      let producer = plan.graph.edges[number].producer
      return producer == stage || plan.graph.ancestors(of: producer).contains(stage)
    }
  }

  /// - Parameter earlierFlow: what went through the queue in whose place it will be.
  private func makeQueue(
    _ edge: PipelineGraph.Edge, _ total: FailureTotal?, after earlierFlow: QueueFlow = QueueFlow()
  ) -> HandoverQueue {
    let from = plan.stages[edge.producer]
    let bounds = QueueBounds(edge) { scheduler.concurrency(of: $0) }
    let state = Handover(
      ordering: plan.graph.stages[edge.producer].outputOrdering, policy: from.failurePolicy,
      fixedCapacity: bounds.fixed, minimumCapacity: bounds.minimum, byteCapacity: edge.prefetch.bytes, total: total,
      valuesAreSamples: plan.graph.stages[edge.producer].resultsAreSamples)
    let slot = generation.slot
    var release: (@Sendable (Int) -> Set<Int>)?
    if let budget { release = { budget.settle(0, released: $0, made: 0, of: slot) } }
    return HandoverQueue(
      state: state, scheduler: scheduler, producer: number(edge.producer), consumer: edge.consumer.map(number),
      occupancy: edge.isForWords ? nil : metrics[edge.producer].occupancy, earlierFlow: earlierFlow,
      wakeOutside: edge.consumer == nil ? wakeOutside : nil, release: release)
  }
}
