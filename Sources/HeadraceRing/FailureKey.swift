import HeadraceCore

/// What is enough to know the failure of a sample again.
package struct FailureKey: Hashable, Sendable {
  package let epoch: Int
  let position: Int
  let stage: UInt64

  package init(_ failure: SampleFailure) {
    epoch = failure.epoch
    position = failure.position
    stage = Self.number(of: failure.error.stage ?? "")
  }

  init(epoch: Int, position: Int, stage: UInt64) {
    self.epoch = epoch
    self.position = position
    self.stage = stage
  }

  /// FNV-1a, 64 bits.
  private static func number(of name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
