import HeadraceCore
import Testing

@Suite struct CounterRandomTests {
  @Test func seedEpochStageAndIndexEachChangeTheNumber() {
    var seen: Set<UInt64> = []
    var count = 0
    for seed in [0, 1, 1 << 32, UInt64.max] {
      for epoch in [0, 1, 2] {
        for stage in ["", "a", "b", "shuffle"] {
          for index in [0, 1, 1 << 32] {
            seen.insert(CounterRandom(seed: seed, epoch: epoch, stage: stage).bits(at: index))
            count += 1
          }
        }
      }
    }
    #expect(seen.count == count)
  }

  /// Computed by a second implementation. A change of these numbers is a change of every order that was chosen at
  /// random.
  @Test func numbersStayAsTheyAre() {
    let random = CounterRandom(seed: 17, epoch: 3, stage: "shuffle")
    #expect(
      (0..<4).map { random.bits(at: $0) } == [
        0x853A_AC4D_2C2B_5919, 0x304C_0135_2DBC_D9CE, 0x65B0_077D_1E8C_C93D, 0x85C1_E660_E445_2B99,
      ])
    #expect((0..<12).map { random.number(below: 10, at: $0) } == [5, 1, 3, 5, 1, 5, 4, 5, 0, 1, 1, 1])
  }

  @Test(arguments: [1, 2, 3, 7, 64, 1000])
  func numbersBelowABoundAreEquallyLikely(_ bound: Int) {
    let random = CounterRandom(seed: 1, epoch: 0, stage: "")
    var counts = Array(repeating: 0, count: bound)
    let expected = 400.0
    for index in 0..<(bound * Int(expected)) { counts[random.number(below: bound, at: index)] += 1 }
    let deviation = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // Chi-squared: mean one less than the bound, variance twice that. The numbers are fixed, so is what comes out.
    let mean = Double(bound - 1)
    #expect(abs(deviation - mean) <= 4 * (2 * mean).squareRoot())
  }

  @Test func aBoundMayBeAsLargeAsAnInt() {
    let random = CounterRandom(seed: 1, epoch: 0, stage: "")
    let numbers = (0..<64).map { random.number(below: .max, at: $0) }
    #expect(numbers.allSatisfy { $0 >= 0 } && numbers.contains { $0 > .max / 2 })
  }
}
