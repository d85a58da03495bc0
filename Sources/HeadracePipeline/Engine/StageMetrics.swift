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
  /// - Parameters:
  ///   - running: what is to be added of epochs that run.
  ///   - getWait: what those waited who take from the queue behind the stage.
  func statistics(running: Running, getWait: HandWait) -> StageStatistics {
    counts.withLock { counts in
      let times = counts.times + running.times
      let flow = counts.flow + running.flow
      func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
      func share(_ part: UInt64) -> Double { times.total == 0 ? 0 : min(1, Double(part) / Double(times.total)) }
      let output = QueueStatistics(
        itemCount: flow.itemCount, byteCount: flow.byteCount, elapsedSeconds: seconds(times.total),
        putSeconds: seconds(times.putWait.nanoseconds),
        putSecondsP90: seconds(times.putWait.histogram.percentile(0.9)),
        putSecondsP99: seconds(times.putWait.histogram.percentile(0.99)),
        getSeconds: seconds(getWait.nanoseconds), getSecondsP90: seconds(getWait.histogram.percentile(0.9)),
        getSecondsP99: seconds(getWait.histogram.percentile(0.99)), queueSeconds: seconds(flow.waitingNanoseconds),
        occupancy: share(flow.occupiedNanoseconds))
      return StageStatistics(
        name: description.name, concurrency: running.concurrency, taskCount: counts.tasks,
        failureCount: counts.failures, filteredCount: counts.filtered, retryCount: counts.retries,
        timeoutCount: counts.timeouts, quarantinedCount: counts.quarantined, activeCount: running.activeCount,
        elapsedSeconds: seconds(times.total), taskSeconds: seconds(counts.nanoseconds),
        taskSecondsP50: seconds(counts.histogram.percentile(0.5)),
        taskSecondsP90: seconds(counts.histogram.percentile(0.9)),
        taskSecondsP99: seconds(counts.histogram.percentile(0.99)), busy: share(times.busy),
        blocked: share(times.blocked), starved: share(times.starved), output: output)
    }
  }

  /// What automatic concurrency looks at, with what is to be added of epochs that run.
  func tuningCounters(running times: StageTimes, _ flow: QueueFlow) -> TuningCounters.Stage {
    counts.withLock { counts in
      TuningCounters.Stage(
        callCount: counts.tasks, callNanoseconds: counts.nanoseconds,
        laneNanoseconds: counts.times.atWork + times.atWork, resultByteCount: counts.flow.byteCount + flow.byteCount)
    }
  }

  /// What its hands have waited for something to take, in epochs that have ended.
  var getWait: HandWait { counts.withLock { $0.times.getWait } }

  /// What the epochs that run have come to.
  struct Running {
    var times = StageTimes()
    var flow = QueueFlow()
    var concurrency = 1
    var activeCount = 0
  }
}
