import HeadraceCore

/// A stage begins or ends an epoch.
public struct StageEvent: Sendable, Hashable {
  /// What happens.
  public enum Phase: Sendable, Hashable {
    /// The stage may be called from now on.
    case began
    /// Nothing of the stage's epoch is at work any more.
    case ended
  }

  /// The stage's name.
  public var stage: String
  /// The epoch, from 0. The next one may begin before this one has ended.
  public var epoch: Int
  /// What happens.
  public var phase: Phase
}

extension StageEvent: CustomStringConvertible {
  /// For example `decode began epoch 0`.
  public var description: String { "\(stage) \(phase) epoch \(HumanUnits.count(epoch))" }
}
