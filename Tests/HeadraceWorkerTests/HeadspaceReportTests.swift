import Testing

@testable import HeadraceHeadspace

@Suite struct HeadspaceReportTests {
  /// Steps of `base` seconds plus an exponentially distributed delay, as schedulers and page caches cause.
  private func steps(_ count: Int, base: Double, delay: Double, _ generator: inout SplitMix64) -> [Double] {
    (0..<count).map { _ in base - delay * log(Double.random(in: Double.ulpOfOne..<1, using: &generator)) }
  }

  /// Natural logarithm by its series, so that the test needs no C library.
  private func log(_ value: Double) -> Double {
    let exponent = Double(value.exponent)
    let ratio = (value.significand - 1) / (value.significand + 1)
    var term = ratio
    var sum = 0.0
    for odd in stride(from: 1.0, to: 40, by: 2) {
      sum += term / odd
      term *= ratio * ratio
    }
    return exponent * 0.693147180559945309 + 2 * sum
  }

  @Test func theIntervalCoversTheTruthInAboutNinetyFiveOfAHundredTrials() throws {
    var generator = SplitMix64(state: 17)
    let truth = 1 - 20.5 / 27.0
    var covered = 0
    for _ in 0..<100 {
      let live = steps(50, base: 24, delay: 3, &generator)
      let cached = steps(50, base: 20, delay: 0.5, &generator)
      let report = try #require(HeadspaceReport(liveSteps: live, cachedSteps: cached))
      #expect(report.shareInterval.contains(report.share))
      if report.shareInterval.contains(truth) { covered += 1 }
    }
    print("headspace interval covers the truth in \(covered) of 100 trials")
    #expect((88...100).contains(covered))
  }

  @Test func ofEqualStepsNoCostCanBeSeen() throws {
    var generator = SplitMix64(state: 5)
    let report = try #require(
      HeadspaceReport(
        liveSteps: steps(50, base: 0.02, delay: 0.001, &generator),
        cachedSteps: steps(50, base: 0.02, delay: 0.001, &generator)))
    #expect(report.shareInterval.contains(0))
    #expect("\(report)".hasPrefix("headspace: no cost of loading can be seen (-"))
    #expect("\(report)".contains(" % of a step with 95 % confidence): a step takes 21."))
  }

  @Test func theReportIsOneLine() throws {
    let live = (0..<40).map { 0.024 + Double($0 % 5) * 0.0005 }
    let report = try #require(HeadspaceReport(liveSteps: live, cachedSteps: Array(repeating: 0.02, count: 30)))
    #expect(report.liveStepCount == 40 && report.cachedStepCount == 30)
    #expect(
      "\(report)" == "headspace: 20.0 % of a step is loading (19.3 to 20.7 % with 95 % confidence):"
        + " a step takes 25.0 ms, and would take 20.0 ms if its data were always ready")
    #expect(report == HeadspaceReport(liveSteps: live, cachedSteps: Array(repeating: 0.02, count: 30)))
  }

  @Test func fewerThanFiveStepsMakeNoReport() {
    let four = Array(repeating: 1.0, count: 4)
    let five = Array(repeating: 1.0, count: 5)
    #expect(HeadspaceReport(liveSteps: four, cachedSteps: five) == nil)
    #expect(HeadspaceReport(liveSteps: five, cachedSteps: four) == nil)
    #expect(HeadspaceReport(liveSteps: five, cachedSteps: five) != nil)
    #expect(HeadspaceReport(liveSteps: Array(repeating: 0, count: 5), cachedSteps: five) == nil)
  }
}
