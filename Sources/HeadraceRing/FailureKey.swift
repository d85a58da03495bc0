import HeadraceCore

/// What is enough to know the failure of a sample again.
package struct FailureKey: Hashable, Sendable {
  /// The epoch in which it failed, from 0.
  package let epoch: Int
  let position: Int
  let stage: UInt32

  /// The key of a failure.
  package init(_ failure: SampleFailure) {
    self.init(epoch: failure.epoch, position: failure.position, stage: StableHash.of(failure.error.stage ?? ""))
  }

  init(epoch: Int, position: Int, stage: UInt32) {
    self.epoch = epoch
    self.position = position
    self.stage = stage
  }
}
