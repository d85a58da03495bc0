/// Philox4x32-10: four random words of a counter and a key, computed of these two and of nothing else.
///
/// J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
package enum Philox {
  /// The words of one counter. They differ in about half of their bits when one bit of counter or key does.
  package static func words(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (first, second, third, fourth) = (counter.x, counter.y, counter.z, counter.w)
    var (left, right) = (key.x, key.y)
    for _ in 0..<rounds {
      let low = first.multipliedFullWidth(by: multipliers.x)
      let high = third.multipliedFullWidth(by: multipliers.y)
      (first, second) = (high.high ^ second ^ left, high.low)
      (third, fourth) = (low.high ^ fourth ^ right, low.low)
      left &+= increments.x
      right &+= increments.y
    }
    return SIMD4(first, second, third, fourth)
  }

  private static let rounds = 10
  private static let multipliers = SIMD2<UInt32>(0xD251_1F53, 0xCD9E_8D57)
  /// Of the golden ratio and the root of 3.
  private static let increments = SIMD2<UInt32>(0x9E37_79B9, 0xBB67_AE85)
}
