import HeadraceCore

/// What data loading costs a training loop: step time now, step time with cached data, and the share to be won.
public struct HeadspaceReport: Sendable, Hashable {
  /// Mean seconds of a step with the loader, and how many steps were measured.
  public let liveSeconds: Double
  public let liveStepCount: Int
  /// Mean seconds of a step with cached data, and how many steps were measured.
  public let cachedSeconds: Double
  public let cachedStepCount: Int
  /// Share of the step time that would be saved if loading were free: 1 - cached / live. Can be a little below 0 by chance.
  public let share: Double
  /// Where the share lies with 95 % confidence: percentile bootstrap (Efron, 1979) of the ratio of the means.
  public let shareInterval: ClosedRange<Double>

  /// The fewest steps of either kind that make a report.
  public static let minimumStepCount = 5
  private static let resampleCount = 1000

  /// - Parameters:
  ///   - liveSteps: seconds of each step with the loader.
  ///   - cachedSteps: seconds of each step with cached data.
  /// - Complexity: O(1000 x steps).
  public init?(liveSteps: [Double], cachedSteps: [Double]) {
    guard liveSteps.count >= Self.minimumStepCount, cachedSteps.count >= Self.minimumStepCount else { return nil }
    liveSeconds = Self.mean(liveSteps)
    cachedSeconds = Self.mean(cachedSteps)
    liveStepCount = liveSteps.count
    cachedStepCount = cachedSteps.count
    guard liveSeconds > 0 else { return nil }
    share = 1 - cachedSeconds / liveSeconds
    // A fixed seed: the same measurements give the same report.
    var generator = SplitMix64(state: 1)
    var shares: [Double] = []
    for _ in 0..<Self.resampleCount {
      let live = Self.resampledMean(liveSteps, &generator)
      let cached = Self.resampledMean(cachedSteps, &generator)
      shares.append(live > 0 ? 1 - cached / live : 0)
    }
    shares.sort()
    shareInterval = shares[Self.resampleCount / 40]...shares[Self.resampleCount - 1 - Self.resampleCount / 40]
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func resampledMean(_ values: [Double], _ generator: inout SplitMix64) -> Double {
    var sum = 0.0
    for _ in values.indices { sum += values[Int.random(in: values.indices, using: &generator)] }
    return sum / Double(values.count)
  }
}

extension HeadspaceReport: CustomStringConvertible {
  /// One line: both times, the share, and how sure it is.
  public var description: String {
    func percent(_ share: Double) -> String { HumanUnits.decimal(share * 100, places: 1) }
    var text = "headspace: a step takes \(HumanUnits.seconds(liveSeconds)), with cached data"
    text += " \(HumanUnits.seconds(cachedSeconds)): \(percent(share)) % to be won"
    text += " (95 % interval \(percent(shareInterval.lowerBound)) to \(percent(shareInterval.upperBound)) %,"
    text += " \(liveStepCount) and \(cachedStepCount) steps)"
    if shareInterval.lowerBound <= 0 { text += "; no cost of data loading can be seen" }
    return text
  }
}
