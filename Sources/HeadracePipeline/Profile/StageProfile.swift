/// How quick one stage of a pipeline is by itself, at several concurrencies.
public struct StageProfile: Sendable, Hashable {
  /// What was measured with one concurrency.
  public struct Point: Sendable, Hashable {
    /// Samples that the stage worked on at once.
    public var concurrency: Int
    /// Samples that it took in, per second, failed ones included.
    public var itemsPerSecond: Double
    /// Mean seconds of one call.
    public var meanTaskSeconds: Double
    /// Share of the time in which a result waited, 0 to 1: near 1, whoever takes them was the limit, not the stage.
    public var occupancy: Double
  }

  /// The stage's name.
  public var name: String
  /// What it does with a sample.
  public var kind: StageDescription.Kind
  /// Samples that it was given, each time.
  public var itemCount: Int
  /// By concurrency, the lowest first. One, where the stage works in order.
  public var points: [Point]

  /// The least concurrency that is within a tenth of the best rate; nil without a point.
  public var knee: Int? {
    let best = points.map(\.itemsPerSecond).max() ?? 0
    return points.first { $0.itemsPerSecond >= 0.9 * best }?.concurrency
  }
}
