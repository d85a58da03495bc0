/// A sample that failed in a stage and was left out, because the stage's policy allows it.
public struct SampleFailure: Sendable, Hashable {
  /// The epoch in which it failed, from 0.
  public var epoch: Int
  /// Position of the sample in its epoch, from 0.
  public var position: Int
  /// Why it failed, with stage, sample and cause where they are known.
  public var error: HeadraceError

  /// Says that the sample at `position` was left out of `epoch` because of `error`.
  public init(epoch: Int, position: Int, error: HeadraceError) {
    self.epoch = epoch
    self.position = position
    self.error = error
  }
}

extension SampleFailure: CustomStringConvertible {
  /// One line, such as `epoch 0, position 17: ` and the error.
  public var description: String {
    "epoch \(HumanUnits.count(epoch)), position \(HumanUnits.count(position)): \(error)"
  }
}
