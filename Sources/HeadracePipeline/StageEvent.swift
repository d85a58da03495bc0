import HeadraceCore

/// A stage begins or ends an epoch, or gives something up in it.
public struct StageEvent: Sendable, Hashable {
  /// What happens.
  public enum Phase: Sendable, Hashable {
    /// The stage may be called from now on.
    case began
    /// Nothing of the stage's epoch is at work any more.
    case ended
    /// A cache has been given up, for this reason: the epoch goes on without it. One for which there is no room is told
    /// once; one on disk that fails at the end of an epoch is tried again by the next.
    case gaveUp(HeadraceError)
  }

  /// The stage's name.
  public var stage: String
  /// The epoch, from 0. The next one may begin before this one has ended.
  public var epoch: Int
  /// What happens.
  public var phase: Phase
}

extension StageEvent: CustomStringConvertible {
  /// For example `decode began epoch 0`, or `cache gave up in epoch 2: ` and the reason.
  public var description: String {
    let number = HumanUnits.count(epoch)
    return switch phase {
    case .began: "\(stage) began epoch \(number)"
    case .ended: "\(stage) ended epoch \(number)"
    case .gaveUp(let error): "\(stage) gave up in epoch \(number): \(error)"
    }
  }
}
