import HeadraceCore

/// What data loading costs a training loop: step time now, step time with cached data, and the share that is loading.
public struct HeadspaceReport: Sendable, Hashable {
  /// Mean seconds of a step with the loader.
  public let liveSeconds: Double
  /// Steps with the loader that the mean is of; those at the start, which lived on waiting batches, are left out.
  public let liveStepCount: Int
  /// Mean seconds of a step with cached data.
  public let cachedSeconds: Double
  /// Steps with cached data that the mean is of, without the first two.
  public let cachedStepCount: Int
  /// Share of the step time that would be saved if loading were free: 1 - cached / live. Can be a little below 0 by
  /// chance.
  public let share: Double
  /// Where the share lies with 95 % confidence: percentile bootstrap (Efron, 1979) of the ratio of the means.
  public let shareInterval: ClosedRange<Double>

  /// The fewest steps of either kind that make a report.
  public static let minimumStepCount = 5
  private static let resampleCount = 1000

  /// Compares two sets of steps; nil with fewer than `minimumStepCount` of either, and when live steps took no time.
  ///
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
  /// One line: the share and how sure it is, or that none can be seen; then both times.
  ///
  /// For example
  /// `headspace: 64.0 %
  /// of a step is loading (62.1 to 65.8 % with 95 % confidence): a step takes 25.0 ms, and would take 9.0 ms if its
  /// data were always ready`.
  public var description: String {
    func percent(_ share: Double) -> String { HumanUnits.decimal(share * 100, places: 1) }
    let interval = "\(percent(shareInterval.lowerBound)) to \(percent(shareInterval.upperBound)) %"
    // An interval that reaches 0: a share would be read as a finding.
    let finding =
      shareInterval.lowerBound > 0
      ? "\(percent(share)) % of a step is loading (\(interval) with 95 % confidence)"
      : "no cost of loading can be seen (\(interval) of a step with 95 % confidence)"
    return "headspace: \(finding): a step takes \(HumanUnits.seconds(liveSeconds)), and would take"
      + " \(HumanUnits.seconds(cachedSeconds)) if its data were always ready"
  }
}
