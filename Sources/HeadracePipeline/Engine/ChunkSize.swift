/// How many samples a stage takes at a time: one if they are slow, many if the hand-over would cost more than the work.
struct ChunkSize {
  /// A chunk should take about this long: long against a hand-over (about 0.5 microseconds), short against anything
  /// that a person or a batch waits for.
  static let targetNanoseconds: UInt64 = 50_000
  static let maximum = 64

  private(set) var count = 1

  /// Learns from a chunk of `samples` that took `nanoseconds`. Grows by doubling, shrinks at once.
  mutating func adapt(samples: Int, nanoseconds: UInt64) {
    guard samples > 0 else { return }
    let perSample = max(1, nanoseconds / UInt64(samples))
    let fitting = max(1, Int(min(Self.targetNanoseconds / perSample, UInt64(Self.maximum))))
    count = fitting < count ? fitting : min(fitting, count * 2)
  }
}
