import Dispatch
import HeadraceCore
import Synchronization

/// Lets closures be called one at a time as long as one of the samples that were at work when an earlier process ended
/// has not been called: so that, if this process ends as well, there is no doubt which sample it was. Samples that have
/// been convicted it does not let pass.
///
/// There is one only in a process that takes the place of another.
final class SuspectGate: Sendable {
  private struct Place: Hashable {
    var stage: String
    var epoch: Int
    var position: Int
  }

  private let convicted: [Suspect]
  private let waited: Mutex<Set<Place>>
  private let isOpen: Atomic<Bool>
  private let turn = DispatchSemaphore(value: 1)

  /// - Parameter suspects: of stages whose closures this process calls. Nil if there are none.
  init?(_ suspects: [Suspect]) {
    guard !suspects.isEmpty else { return nil }
    convicted = suspects.filter(\.isConvicted)
    let others = Set(suspects.filter { !$0.isConvicted }.map(Self.place))
    waited = Mutex(others)
    isOpen = Atomic(others.isEmpty)
  }

  /// The sample as one that is not to be called; nil: it may be. One that has a name is known by it in all epochs.
  func conviction(stage: String, epoch: Int, _ item: Item) -> Suspect? {
    convicted.first { suspect in
      guard suspect.stage == stage else { return false }
      if suspect.epoch == epoch, suspect.position == item.position { return true }
      return item.label.map { suspect.isNamed($0.id.key) } ?? false
    }
  }

  /// Waits until it is this call's turn, if turns are taken. Returns whether `leave` is to follow.
  ///
  /// - Parameter beforeWait: called before a wait.
  func enter(beforeWait: () -> Void) -> Bool {
    if isOpen.load(ordering: .acquiring) { return false }
    beforeWait()
    turn.wait()
    return true
  }

  /// A call is over that was made in its turn.
  ///
  /// - Parameter isDone: whether the stage is done with the sample.
  func leave(stage: String, epoch: Int, position: Int, isDone: Bool) {
    let isLast = waited.withLock { waited in
      isDone && waited.remove(Place(stage: stage, epoch: epoch, position: position)) != nil && waited.isEmpty
    }
    if isLast { open() }
    turn.signal()
  }

  /// An epoch is over, or given up: what it has left out will not be called.
  func endEpoch(_ epoch: Int) {
    let isLast = waited.withLock { waited in
      let before = waited.count
      waited = waited.filter { $0.epoch > epoch }
      return before > 0 && waited.isEmpty
    }
    if isLast { open() }
  }

  /// From now on nobody waits: a call that does not end must not hold up all others.
  func open() {
    guard !isOpen.exchange(true, ordering: .acquiringAndReleasing) else { return }
    // As many as can be waiting; those that nobody takes do no harm.
    for _ in 0..<PipelinePlan.maximumThreadCount { turn.signal() }
  }

  private static func place(_ suspect: Suspect) -> Place {
    Place(stage: suspect.stage, epoch: suspect.epoch, position: suspect.position)
  }
}
