/// Random numbers that depend on seed, epoch, sample and stage, and on nothing else.
///
/// They are not drawn from a state that threads would share, but computed of a counter: Philox4x32-10 (J. Salmon et
/// al., "Parallel random numbers: as easy as 1, 2, 3", 2011). The counter's words are the number of the draw, position,
/// epoch, and a hash of the stage's name and the sample's.
///
/// Positions and epochs count modulo 2^32. Each sample has 2^33 draws in each stage.
public struct SampleRandom: RandomNumberGenerator, Sendable {
  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  /// The second half of what the counter before gave; nil: used already.
  private var rest: UInt64?

  init(seed: UInt64, context: SampleContext, sample: SampleID?) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    var name = StableHash.of(context.stage)
    if let sample {
      name = StableHash.of(sample.key, after: name)
      if let offset = sample.offset { name = StableHash.of(UInt64(bitPattern: Int64(offset)), after: name) }
    }
    counter = SIMD4(
      0, UInt32(truncatingIfNeeded: context.position), UInt32(truncatingIfNeeded: context.epoch), name)
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    if let second = rest {
      rest = nil
      return second
    }
    let words = Philox.words(counter, key: key)
    counter.x &+= 1
    rest = UInt64(words.w) << 32 | UInt64(words.z)
    return UInt64(words.y) << 32 | UInt64(words.x)
  }

  /// A number from `range`, all of it equally likely; that of a range without extent is its bound.
  ///
  /// Takes one draw, whatever the range, so that what is drawn next does not depend on it.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    // 53 bits: each multiple of 2^-53 below 1.
    let unit = Double(next() >> 11) * 0x1p-53
    return range.lowerBound + (range.upperBound - range.lowerBound) * unit
  }

  /// A number from 0 up to and without `bound`, which must be above 0. Takes one draw.
  public mutating func number(below bound: Int) -> Int {
    precondition(bound > 0, "no number is below \(bound)")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True with a probability from 0 to 1. Takes one draw.
  public mutating func chance(_ probability: Double) -> Bool {
    Double(next() >> 11) * 0x1p-53 < probability
  }
}
