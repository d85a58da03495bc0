import Testing

@testable import HeadraceWorker

@Suite struct CallAllowanceTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func eachExcessWithinAMinuteHalvesItDownToOne() {
    var allowance = CallAllowance(8, at: 0)
    for (time, expected) in [(10, 4), (69, 2), (100, 1), (110, 1)] as [(UInt64, Int)] {
      let before = allowance.count
      let isLess = allowance.exceeded(at: time * Self.second)
      #expect(isLess == (expected < before))
      #expect(allowance.count == expected)
    }
  }

  @Test func anExcessAfterAMinuteLeavesItAsALeakIsNoMatterOfCalls() {
    var allowance = CallAllowance(8, at: 0)
    for minutes in 1...100 as ClosedRange<UInt64> {
      let isLess = allowance.exceeded(at: minutes * 60 * Self.second)
      #expect(!isLess)
    }
    #expect(allowance.count == 8)
  }

  @Test func aMinuteWithoutExcessDoublesItUpToWhatItWas() {
    var allowance = CallAllowance(6, at: 0)
    _ = allowance.exceeded(at: 0)
    _ = allowance.exceeded(at: 1)
    #expect(allowance.count == 1)
    let counts = stride(from: Self.second, to: 241 * Self.second, by: Int(Self.second) / 50).compactMap { now in
      allowance.sufficed(at: now) ? allowance.count : nil
    }
    #expect(counts == [2, 4, 6])
  }

  @Test func afterARiseThatWasTooEarlyTheNextComesAfterTwiceTheTime() {
    var allowance = CallAllowance(2, at: 0)
    var now: UInt64 = 0
    _ = allowance.exceeded(at: now)
    var waits: [UInt64] = []
    for _ in 0..<8 {
      let begun = now
      while !allowance.sufficed(at: now) { now += Self.second }
      waits.append((now - begun) / (60 * Self.second))
      now += Self.second
      let isLess = allowance.exceeded(at: now)
      #expect(isLess)
    }
    #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60])
  }
}
