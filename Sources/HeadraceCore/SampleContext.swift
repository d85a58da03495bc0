/// Which sample a stage works on: what a result may depend on beside the sample itself.
///
/// Random choices are drawn from it (`random(seed:sample:)`), so that they are the same whatever threads, processes or
/// order a run has.
public struct SampleContext: Hashable, Sendable {
  /// The epoch, from 0; in a pipeline that repeats its samples within an epoch, the pass.
  public let epoch: Int
  /// Position of the sample in its epoch, as it came from the source, from 0; of what was made of several samples, that
  /// of the first.
  public let position: Int
  /// Name of the stage.
  public let stage: String

  /// Describes a sample; a pipeline does so for its stages, and tests for themselves.
  public init(epoch: Int, position: Int, stage: String) {
    self.epoch = epoch
    self.position = position
    self.stage = stage
  }

  /// Random numbers of this sample, in this epoch and stage.
  ///
  /// - Parameters:
  ///   - seed: of the run; another one gives other numbers.
  ///   - sample: tells samples of one position from one another, as a stage makes them that makes several of one.
  public func random(seed: UInt64, sample: SampleID? = nil) -> SampleRandom {
    SampleRandom(seed: seed, context: self, sample: sample)
  }
}
