import HeadraceCore

/// A sample that is being worked on.
public struct RunningCall: Sendable, Hashable {
  /// The stage that works on it.
  public var stage: String
  /// Position of the sample in its epoch, from 0.
  public var position: Int
  /// Where the sample comes from, if it tells.
  public var sample: SampleID?

  /// Of a worker, whose process has noted it.
  package init(stage: String, position: Int, sample: SampleID?) {
    self.stage = stage
    self.position = position
    self.sample = sample
  }
}
