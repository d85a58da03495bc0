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

  /// Hands over the nodes, one per stage, before the first signal.
  func install(_ nodes: [any StageNode]) { self.nodes.withLock { $0 = nodes } }
  var allNodes: [any StageNode] { nodes.withLock { $0 } }
  func node(_ stage: Int) -> (any StageNode)? {
    nodes.withLock { $0.indices.contains(stage) ? $0[stage] : nil }
  }

  /// Lets go of the nodes, which refer to the scheduler, and of the samples that were left; then tells.
  func rest() {
    nodes.withLock { $0 = [] }
    onRest.withLock { $0.take() }?()
  }
}
