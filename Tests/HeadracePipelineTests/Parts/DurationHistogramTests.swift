import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

@Suite struct DurationHistogramTests {
  private func isWithinSevenPercent(_ found: UInt64, of expected: UInt64) -> Bool {
    let (found, expected) = (Double(found), Double(expected))
    return abs(found - expected) <= 0.07 * expected
  }

  @Test func everyDurationIsKnownWithinSevenPercent() {
    var random = SplitMix64(seed: 1)
    var durations: [UInt64] = [0, 1, 15, 16, 17, 31, 32, 33, UInt64.max, UInt64.max / 2]
    for exponent in 0..<63 {
      durations += [1 << exponent, (1 << exponent) + 1, (2 << exponent) - 1]
      durations.append(UInt64.random(in: (1 << exponent)...(2 << exponent - 1), using: &random))
    }
    for duration in durations {
      var histogram = DurationHistogram()
      histogram.record(nanoseconds: duration)
      let median = histogram.percentile(0.5)
      #expect(isWithinSevenPercent(median, of: duration), "\(duration) was taken for \(median)")
    }
  }

  @Test func percentilesOfManyDurationsAreWithinSevenPercent() {
    for seed in 0..<20 {
      var random = SplitMix64(seed: seed)
      let top = UInt64.random(in: 100...100_000_000, using: &random)
      var durations = (0..<1_000).map { _ in UInt64.random(in: 1...top, using: &random) }
      var histogram = DurationHistogram()
      for duration in durations { histogram.record(nanoseconds: duration) }
      durations.sort()
      for (share, rank) in [(0.5, 500), (0.9, 900), (0.99, 990), (1.0, 1_000)] {
        let found = histogram.percentile(share)
        #expect(isWithinSevenPercent(found, of: durations[rank - 1]), "seed \(seed), share \(share)")
      }
    }
  }

  @Test func aRunOfSamplesCountsAsOften() {
    var histogram = DurationHistogram()
    histogram.record(nanoseconds: 10, count: 90)
    histogram.record(nanoseconds: 1_000_000, count: 10)
    #expect(histogram.total == 100)
    #expect(histogram.percentile(0.9) == 10)
    #expect(isWithinSevenPercent(histogram.percentile(0.91), of: 1_000_000))
  }

  @Test func thereIsNoPercentileOfNothing() {
    #expect(DurationHistogram().percentile(0.5) == 0)
  }
}
