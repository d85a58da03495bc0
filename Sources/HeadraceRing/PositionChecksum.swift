/// Tells whether two series of batches hold the same samples in the same order: over their positions and where each batch
/// ends.
///
/// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014) for each
/// position: a nanosecond, where nobody attacks it.
package struct PositionChecksum: Hashable, Sendable {
  package private(set) var rawValue: UInt64

  /// Of no batch.
  package init() { rawValue = 0 }

  init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Adds a batch.
  package mutating func add(_ positions: [UInt64]) {
    for position in positions { mix(position) }
    mix(~UInt64(positions.count))
  }

  private mutating func mix(_ value: UInt64) {
    var word = (rawValue ^ value) &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    rawValue = word ^ (word >> 31)
  }
}
