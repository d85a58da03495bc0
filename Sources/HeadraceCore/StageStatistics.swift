/// What one stage has done since the start of a run, over all epochs.
public struct StageStatistics: Sendable, Hashable {
  /// The stage's name, unique in its pipeline.
  public var name: String
  /// Samples that the stage may work on at once.
  public var concurrency: Int
  /// Calls of the stage's closure that ended, failed ones included; for the source, elements read.
  public var taskCount: Int
  /// Calls that threw.
  public var failureCount: Int
  /// Samples that a filter left out.
  public var filteredCount: Int
  /// Seconds that the stage has existed, between the start and the end of each epoch.
  public var elapsedSeconds: Double
  /// Seconds spent in the closure, summed over all calls.
  public var taskSeconds: Double
  /// Seconds of one call: median, 90th and 99th percentile, each within 7 %.
  public var taskSecondsP50: Double
  public var taskSecondsP90: Double
  public var taskSecondsP99: Double
  /// Share of the elapsed time in which the stage worked, 0 to 1. The stage that limits a pipeline is the one near 1.
  public var busy: Double
  /// Share in which it had input but could not go on: the next stage or the ring was full, or all threads were at work
  /// for later stages, which go first.
  public var blocked: Double
  /// Share in which it had nothing to do.
  public var starved: Double

  public init(
    name: String, concurrency: Int, taskCount: Int = 0, failureCount: Int = 0, filteredCount: Int = 0,
    elapsedSeconds: Double = 0, taskSeconds: Double = 0, taskSecondsP50: Double = 0, taskSecondsP90: Double = 0,
    taskSecondsP99: Double = 0, busy: Double = 0, blocked: Double = 0, starved: Double = 0
  ) {
    self.name = name
    self.concurrency = concurrency
    self.taskCount = taskCount
    self.failureCount = failureCount
    self.filteredCount = filteredCount
    self.elapsedSeconds = elapsedSeconds
    self.taskSeconds = taskSeconds
    self.taskSecondsP50 = taskSecondsP50
    self.taskSecondsP90 = taskSecondsP90
    self.taskSecondsP99 = taskSecondsP99
    self.busy = busy
    self.blocked = blocked
    self.starved = starved
  }

  /// Mean seconds of one call; 0 before the first.
  public var meanTaskSeconds: Double { taskCount == 0 ? 0 : taskSeconds / Double(taskCount) }

  /// Calls per second of elapsed time.
  public var tasksPerSecond: Double { elapsedSeconds <= 0 ? 0 : Double(taskCount) / elapsedSeconds }
}
