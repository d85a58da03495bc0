/// Which part of a loader limits it, and what to change: one or two sentences with the numbers that say so.
///
/// ```swift
/// let verdict = BottleneckVerdict(of: batches.statistics(), threads: 8, waitShare: 0.4)
/// print(verdict)   // "decode" has 99 % of its concurrency at work. Raise its concurrency from 2 to 4, or ...
/// ```
///
/// What is said holds for the time that the statistics are of. Those of an interval (`StageStatistics.since`) tell how
/// it goes now; those since the start have the start in them.
public enum BottleneckVerdict: Sendable, Hashable {
  /// Too little has happened to tell: less than `minimumSeconds`, or fewer than `minimumCallCount` calls of the last
  /// stage.
  case tooEarly(seconds: Double, callCount: Int)
  /// A stage fails so often that its times are those of failing.
  case failures(stage: String, failureCount: Int, callCount: Int)
  /// Loading keeps up. The wait is a share of the time, nil where it is not known; the threads are those at work on
  /// average.
  case trainer(waitShare: Double?, threads: ThreadUse)
  /// The processors are used up: nothing but less work, or more processors, helps.
  ///
  /// `stageShare` is the part of all stages' time that goes into `stage`, the one that takes most.
  case processors(share: Double, stage: String, stageShare: Double)
  /// All threads of the pipeline are at work, `stageShare` of their time on `stage`.
  case threads(from: Int, to: Int, processorShare: Double?, stage: String, stageShare: Double)
  /// The source reads all the time.
  case source(stage: String, load: Double)
  /// A stage works on as many samples as its concurrency allows, and threads are free.
  case concurrency(stage: String, from: Int, to: Int, load: Double, threads: ThreadUse)
  /// The trainer waits though no stage is at its limit; `stage` comes nearest to it.
  case uneven(stage: String, load: Double)

  /// Threads of a pipeline that were at work on average, and how many there are.
  public struct ThreadUse: Sendable, Hashable {
    /// Threads at work at one time, on average.
    public var active: Double
    /// All of the pipeline's threads; nil where that is not known.
    public var count: Int?

    /// So many at work, of so many.
    public init(active: Double, count: Int? = nil) {
      self.active = active
      self.count = count
    }

    /// The share of the threads that is at work, 0 to 1; nil where their number is not known.
    public var share: Double? { count.map { $0 > 0 ? min(1, active / Double($0)) : 0 } }
  }
}
