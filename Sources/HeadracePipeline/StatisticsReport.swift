import HeadraceCore

/// What a run has done, all in all and since the report before.
public struct StatisticsReport: Sendable, Hashable, CustomStringConvertible {
  /// The stages in this interval alone, percentiles included.
  public var interval: [StageStatistics]
  /// The stages since the start.
  public var total: [StageStatistics]

  /// The lines of `StatisticsLog` for the interval.
  public var description: String { StatisticsLog(interval).description }
}
