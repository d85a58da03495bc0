import Synchronization

/// The nodes of one epoch at work, as the scheduler and the nodes themselves share them.
final class Generation: Sendable {
  /// Which of the scheduler's two sets of stages it has.
  let slot: Int
  let epoch: Int
  /// The same as in the scheduler's state, for a look without the lock before each sample.
  private let isDrainingFlag = Atomic<Bool>(false)
  /// Whether its batches may be published: not while those of the epoch before are.
  private let isOpenFlag = Atomic<Bool>(false)
  private let nodes: Mutex<[any StageNode]> = Mutex([])
  /// Nodes of earlier passes that have operations or calls with a time limit under way.
  private let retired: Mutex<[any StageNode]> = Mutex([])
  private let queues: Mutex<[HandoverQueue]> = Mutex([])
  /// Called once, from any thread, when it is drained and at rest.
  private let onRest: Mutex<(@Sendable () -> Void)?>

  init(slot: Int, epoch: Int, onRest: @escaping @Sendable () -> Void) {
    self.slot = slot
    self.epoch = epoch
    self.onRest = Mutex(onRest)
  }

  /// Whether nothing new may start: then a stage leaves the rest of its samples alone.
  var isDraining: Bool { isDrainingFlag.load(ordering: .relaxed) }
  var isOpen: Bool { isOpenFlag.load(ordering: .acquiring) }

  func open() { isOpenFlag.store(true, ordering: .releasing) }
  func beginDraining() { isDrainingFlag.store(true, ordering: .relaxed) }

  /// Hands over the nodes, one per stage, and the queues, one per edge, before the first signal.
  func install(_ parts: RunBuilder.Parts) {
    nodes.withLock { $0 = parts.nodes }
    queues.withLock { $0 = parts.queues }
  }

  var allQueues: [HandoverQueue] { queues.withLock { $0 } }
  var allNodes: [any StageNode] { nodes.withLock { $0 } }
  /// The nodes that are to be relieved: once the epoch or the pass is over, those alone that have a time limit to keep.
  var nodesToRelieve: [any StageNode] {
    let nodes = allNodes
    let retired = retired.withLock { retired in
      retired.removeAll { !Self.isUnderWay($0) }
      return retired
    }
    return retired + (isDraining ? nodes.filter(\.hasLimitedCalls) : nodes)
  }
  /// Whether nothing can be taken from these queues, and none of these stages has something to hand on.
  func isEmpty(edges: [Int], stages: [Int]) -> Bool {
    let (queues, nodes) = (allQueues, allNodes)
    return edges.allSatisfy { !queues.indices.contains($0) || !queues[$0].hasItems }
      && stages.allSatisfy { !nodes.indices.contains($0) || !nodes[$0].hasOutput }
  }
  func node(_ stage: Int) -> (any StageNode)? {
    nodes.withLock { $0.indices.contains(stage) ? $0[stage] : nil }
  }

  /// A stage begins anew, unless the epoch is over. What the node before has under way is to end soon.
  func replace(_ stage: Int, _ node: any StageNode) {
    let old: (any StageNode)? = nodes.withLock { nodes in
      guard nodes.indices.contains(stage) else { return nil }
      defer { nodes[stage] = node }
      return nodes[stage]
    }
    guard let old else { return }
    old.cancel()
    if Self.isUnderWay(old) { retired.withLock { $0.append(old) } }
  }

  private static func isUnderWay(_ node: any StageNode) -> Bool { node.hasLimitedCalls || !node.operations.isEmpty }

  /// What operations are under way for, those of earlier passes included.
  var operations: [RunningCall] { (retired.withLock { $0 } + allNodes).flatMap(\.operations) }

  /// The queue of an edge; nil once the epoch is over.
  func queue(_ number: Int) -> HandoverQueue? {
    queues.withLock { $0.indices.contains(number) ? $0[number] : nil }
  }

  /// Another queue takes the place of one, unless the epoch is over.
  func replaceQueue(_ number: Int, _ queue: HandoverQueue) {
    queues.withLock { if $0.indices.contains(number) { $0[number] = queue } }
  }

  /// Lets go of the nodes, which refer to the scheduler, and of the samples that were left; then tells.
  func rest() {
    nodes.withLock { $0 = [] }
    retired.withLock { $0 = [] }
    defer { queues.withLock { $0 = [] } }
    onRest.withLock { $0.take() }?()
  }
}
