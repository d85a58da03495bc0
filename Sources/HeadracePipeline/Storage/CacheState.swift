/// What the epochs of a run know of a cache: who fills it, and who waits for that.
struct CacheState: Sendable {
  enum Phase: Sendable, Hashable {
    /// Nobody has begun to fill it, or who did has not got to the end.
    case empty
    /// The epoch of this number fills it.
    case filling(epoch: Int)
    /// There is all of an epoch in it.
    case whole
    /// It cannot hold an epoch.
    case givenUp
  }

  /// What an epoch does.
  enum Role: Sendable, Hashable {
    /// Hand on what comes, and keep it.
    case fill
    /// Hand on what comes.
    case pass
    /// Hand on what was kept.
    case replay
  }

  private(set) var phase = Phase.empty
  /// Stages that are to be signalled when it is known whether the cache gets whole.
  private var waiting: Set<Int> = []

  /// What an epoch is to do; nil: wait for a signal, since an earlier epoch fills the cache.
  ///
  /// An epoch waits for earlier ones only: what a later one makes is not taken before this one has ended.
  ///
  /// - Parameter stage: whom to signal.
  mutating func role(of epoch: Int, stage: Int) -> Role? {
    switch phase {
    case .empty:
      phase = .filling(epoch: epoch)
      return .fill
    case .filling(epoch): return .fill
    case .filling(let other) where other > epoch: return .pass
    case .filling:
      waiting.insert(stage)
      return nil
    case .whole: return .replay
    case .givenUp: return .pass
    }
  }

  /// What was kept is gone. Returns what the epoch that has found that is to do, as `role` does.
  mutating func refill(_ epoch: Int, stage: Int) -> Role? {
    if phase == .whole { phase = .empty }
    return role(of: epoch, stage: stage)
  }

  /// How the filling of an epoch has ended. Returns whom to signal.
  mutating func settle(_ result: Phase, by epoch: Int) -> Set<Int> {
    guard phase == .filling(epoch: epoch) else { return [] }
    phase = result
    defer { waiting = [] }
    return waiting
  }
}
