import HeadraceCore
import HeadraceSystem

/// When a run tells its statistics, and to whom.
///
/// The closure is called by a thread of its own, in the process that runs the pipeline: one call after the other. A
/// call that takes longer than the time between two delays the next one, and no stage. Where 16 reports wait already, a
/// further one is made part of the newest of them: its interval becomes longer, and nothing is missing from the sum of
/// all.
///
/// ```swift
/// let batches = try runPipelineInSubprocess(
///   pipeline, reporting: .every(.seconds(60)) { print($0) })  // two lines for each stage, of the last minute
/// ```
public struct StatisticsReporting: Sendable {
  enum Moment: Sendable {
    /// Nanoseconds.
    case period(UInt64)
    case epoch
  }

  let moment: Moment
  let handler: @Sendable (StatisticsReport) -> Void

  /// Reports once in each period while an epoch is at work, and once more after the last has come to rest.
  ///
  /// - Parameter period: 10 ms to 365 days; what is beyond counts as the nearest.
  public static func every(
    _ period: Duration, _ handler: @escaping @Sendable (StatisticsReport) -> Void
  ) -> StatisticsReporting {
    let nanoseconds = MonotonicClock.nanoseconds(in: period) ?? .max
    let (least, most): (UInt64, UInt64) = (10_000_000, 365 * 86_400 * 1_000_000_000)
    return StatisticsReporting(moment: .period(min(max(nanoseconds, least), most)), handler: handler)
  }

  /// Reports at the end of each epoch, when nothing of it is at work any more.
  public static func everyEpoch(_ handler: @escaping @Sendable (StatisticsReport) -> Void) -> StatisticsReporting {
    StatisticsReporting(moment: .epoch, handler: handler)
  }
}
