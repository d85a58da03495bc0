/// What one stage has done since the worker started, over all epochs.
///
/// The clock is read once for a chunk of calls, not once for each. A chunk is one call where calls take more than about
/// 25 microseconds, and up to 64 where they are quicker. Sums and means do not depend on that. Percentiles do:
/// each call counts with the time of its chunk divided by the calls in it, so a single slow one among quick ones is
/// spread over its chunk.
public struct StageStatistics: Sendable, Hashable {
  /// The stage's name, unique in its pipeline.
  public var name: String
  /// Samples that the stage may work on at once.
  public var concurrency: Int
  /// Calls of the stage's closure that ended, failed ones included; for the source, elements read.
  public var taskCount: Int
  /// Calls that threw; for the source, ends of an epoch by an error.
  public var failureCount: Int
  /// Samples that a filter left out; of a stage that groups samples or fills batches, those that `.drop` left out at
  /// the end of an epoch.
  public var filteredCount: Int
  /// Calls that were made again after a failure.
  public var retryCount: Int
  /// Calls that took longer than the stage allows; they count as failures too.
  public var timeoutCount: Int
  /// Samples that failed and were kept in a folder to be looked at.
  public var quarantinedCount: Int
  /// Calls at work at this moment; of a stage with an `async` closure, also those that wait to be made again.
  public var activeCount: Int
  /// Seconds in which an epoch was at work: where two are at once, the time counts once.
  public var elapsedSeconds: Double
  /// Seconds spent in the closure, summed over all calls, without the waits before those that are made again. With a
  /// concurrency above 1 it can exceed `elapsedSeconds`.
  public var taskSeconds: Double
  /// Seconds of one call: median, within 7 %. Of calls quicker than about 25 microseconds: of one chunk's mean.
  public var taskSecondsP50: Double
  /// Seconds that nine calls in ten do not exceed, within 7 %. Of calls quicker than about 25 microseconds: as the
  /// median.
  public var taskSecondsP90: Double
  /// Seconds that 99 calls in 100 do not exceed, within 7 %. Of calls quicker than about 25 microseconds: as the
  /// median.
  public var taskSecondsP99: Double
  /// Share of the elapsed time in which the stage worked, 0 to 1. The stage that limits a pipeline is the one near 1.
  public var busy: Double
  /// Share in which it had input but could not go on: the next stage or the ring was full, or all threads were at work
  /// for later stages, which go first.
  public var blocked: Double
  /// Share in which it had nothing to do.
  public var starved: Double
  /// The queue behind the stage; behind the last one, the batches that wait for the trainer.
  public var output: QueueStatistics

  /// The statistics of a stage, or of one that has done nothing. Times are in seconds; the shares are to sum to 1.
  public init(
    name: String, concurrency: Int, taskCount: Int = 0, failureCount: Int = 0, filteredCount: Int = 0,
    retryCount: Int = 0, timeoutCount: Int = 0, quarantinedCount: Int = 0, activeCount: Int = 0,
    elapsedSeconds: Double = 0, taskSeconds: Double = 0, taskSecondsP50: Double = 0, taskSecondsP90: Double = 0,
    taskSecondsP99: Double = 0, busy: Double = 0, blocked: Double = 0, starved: Double = 0,
    output: QueueStatistics = QueueStatistics()
  ) {
    self.name = name
    self.concurrency = concurrency
    self.taskCount = taskCount
    self.failureCount = failureCount
    self.filteredCount = filteredCount
    self.retryCount = retryCount
    self.timeoutCount = timeoutCount
    self.quarantinedCount = quarantinedCount
    self.activeCount = activeCount
    self.elapsedSeconds = elapsedSeconds
    self.taskSeconds = taskSeconds
    self.taskSecondsP50 = taskSecondsP50
    self.taskSecondsP90 = taskSecondsP90
    self.taskSecondsP99 = taskSecondsP99
    self.busy = busy
    self.blocked = blocked
    self.starved = starved
    self.output = output
  }

  /// Mean seconds of one call; 0 before the first.
  public var meanTaskSeconds: Double { taskCount == 0 ? 0 : taskSeconds / Double(taskCount) }

  /// Calls per second of elapsed time.
  public var tasksPerSecond: Double { elapsedSeconds <= 0 ? 0 : Double(taskCount) / elapsedSeconds }

  /// Calls that were at work at one time, on average; at most the concurrency.
  public var meanActiveCount: Double { elapsedSeconds <= 0 ? 0 : taskSeconds / elapsedSeconds }

  /// Seconds in which the stage worked.
  public var busySeconds: Double { ElapsedShare(busy, of: elapsedSeconds).seconds }

  /// Seconds in which it had input but could not go on.
  public var blockedSeconds: Double { ElapsedShare(blocked, of: elapsedSeconds).seconds }

  /// Seconds in which it had nothing to do.
  public var starvedSeconds: Double { ElapsedShare(starved, of: elapsedSeconds).seconds }
}
