/// A sample that failed in a stage and was left out, because the stage's policy allows it.
public struct SampleFailure: Sendable, Hashable {
  public var epoch: Int
  /// Position of the sample in its epoch, from 0.
  public var position: Int
  public var error: HeadraceError

  public init(epoch: Int, position: Int, error: HeadraceError) {
    self.epoch = epoch
    self.position = position
    self.error = error
  }
}
