import HeadraceCore

/// A call of a stage's closure begins or ends. Both come on one thread, unless the closure is `async`.
public struct TaskEvent: Sendable {
  /// What has become of a call.
  public enum Outcome: Sendable {
    /// It has made what it is there for.
    case done
    /// A filter has left the sample out.
    case filtered
    /// A source has no more samples.
    case exhausted
    /// It threw. Whether it is made again, or the sample left out, is up to the stage's policy.
    case failed(any Error)
  }

  /// What happens.
  public enum Phase: Sendable {
    /// The call follows.
    case began
    /// The call is over, and took so long.
    case ended(Outcome, Duration)
  }

  /// The stage's name.
  public var stage: String
  /// The epoch, from 0.
  public var epoch: Int
  /// The sample's position in the epoch, from 0; of what was made from several samples, that of the first.
  public var position: Int
  /// The sample's name, where it has one.
  public var sample: SampleID?
  /// What happens.
  public var phase: Phase
}
