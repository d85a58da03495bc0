/// Random numbers that are not drawn one after the other, but computed of where they are used: seed, epoch, stage and
/// index.
///
/// So they depend on no thread and on no number before them, and a run that begins in the middle of an epoch gets the
/// same ones without going through those before.
package struct CounterRandom: Sendable, Hashable {
  private let key: SIMD2<UInt32>
  private let epoch: UInt32
  private let stage: UInt32

  /// - Parameter stage: the name of a stage, so that two with the same seed do not choose alike. A name rather than a
  ///   number: a stage that is put before it changes nothing.
  package init(seed: UInt64, epoch: Int, stage: String) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.epoch = UInt32(truncatingIfNeeded: epoch)
    self.stage = StableHash.of(stage)
  }

  /// Number `index`, all 64 bits of it random.
  package func bits(at index: Int) -> UInt64 {
    let counter = SIMD4(
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), epoch, stage)
    let words = Philox.words(counter, key: key)
    return UInt64(words.y) << 32 | UInt64(words.x)
  }

  /// Number `index`, from 0 up to and without `bound`, which must be above 0.
  package func number(below bound: Int, at index: Int) -> Int {
    precondition(bound > 0, "no number is below \(bound)")
    // Of 2^64 numbers some are taken once more often than others, which nobody sees: with a bound of 2^24, one in 2^40.
    return Int(bits(at: index).multipliedFullWidth(by: UInt64(bound)).high)
  }
}
