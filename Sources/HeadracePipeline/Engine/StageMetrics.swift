import HeadraceCore
import Synchronization

/// What a stage has counted, over all epochs of a worker.
final class StageMetrics: Sendable {
  private struct Counts {
    var tasks = 0
    var failures = 0
    var filtered = 0
    var retries = 0
    var timeouts = 0
    var quarantined = 0
    var nanoseconds: UInt64 = 0
    var histogram = DurationHistogram()
    /// Times of the epochs that have ended, and what went through the queue behind the stage in them.
    var times = StageTimes()
    var flow = QueueFlow()
  }

  let description: StageDescription
  private let counts = Mutex(Counts())

  init(_ description: StageDescription) {
    self.description = description
  }

  /// Counts the calls of a chunk, each with the chunk's time divided by them.
  func record(tasks: Int, failures: Int, filtered: Int, nanoseconds: UInt64) {
    guard tasks > 0 || failures > 0 else { return }
    counts.withLock { counts in
      counts.tasks += tasks
      counts.failures += failures
      // A source can fail before it has read a sample.
      guard tasks > 0 else { return }
      counts.filtered += filtered
      counts.nanoseconds += nanoseconds
      counts.histogram.record(nanoseconds: nanoseconds / UInt64(tasks), count: tasks)
    }
  }

  func recordRetry() { counts.withLock { $0.retries += 1 } }
  func recordTimeout() { counts.withLock { $0.timeouts += 1 } }
  func recordQuarantined() { counts.withLock { $0.quarantined += 1 } }

  /// Adds the times of an epoch that has ended.
  func add(_ times: StageTimes, _ flow: QueueFlow) {
    counts.withLock { counts in
      counts.times = counts.times + times
      counts.flow = counts.flow + flow
    }
  }

  /// The statistics so far.
  ///
  /// - Parameter running: times and flow of the epochs that run.
  func statistics(running: StageTimes, flow running2: QueueFlow) -> StageStatistics {
    counts.withLock { counts in
      let times = counts.times + running
      func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
      func share(_ part: UInt64) -> Double { times.total == 0 ? 0 : Double(part) / Double(times.total) }
      return StageStatistics(
        name: description.name, concurrency: description.concurrency.initial, taskCount: counts.tasks,
        failureCount: counts.failures, filteredCount: counts.filtered, elapsedSeconds: seconds(times.total),
        taskSeconds: seconds(counts.nanoseconds), taskSecondsP50: seconds(counts.histogram.percentile(0.5)),
        taskSecondsP90: seconds(counts.histogram.percentile(0.9)),
        taskSecondsP99: seconds(counts.histogram.percentile(0.99)), busy: share(times.busy),
        blocked: share(times.blocked), starved: share(times.starved))
    }
  }
}
