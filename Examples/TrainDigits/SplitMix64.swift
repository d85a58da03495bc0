import Glibc

/// Random numbers that depend on a seed alone, so that a run can be repeated.
///
/// Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. The state is a counter.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number of the standard normal distribution, by the Box-Muller transform.
  mutating func nextNormal() -> Float {
    let radius = sqrtf(-2 * logf(nextUnit()))
    return radius * cosf(2 * .pi * nextUnit())
  }

  /// Uniform in (0, 1]: never 0, of which the logarithm does not exist.
  private mutating func nextUnit() -> Float { Float((next() >> 40) + 1) * 0x1p-24 }
}
