import HeadraceCore
import HeadraceSystem
import Synchronization

/// What a stage has counted, over all epochs of a worker.
final class StageMetrics: Sendable {
  let description: StageDescription
  /// When something waited behind it.
  let occupancy = OccupancyClock()
  private let counts = Mutex(StageCounts())
  /// Below 0: no result yet.
  private let largest = Atomic<Int>(-1)

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

  /// Counts time that went into a whole batch, and into no sample of its own.
  func recordFinish(nanoseconds: UInt64) { counts.withLock { $0.nanoseconds += nanoseconds } }

  /// Bytes of the largest result so far; nil: there was none.
  var largestByteCount: Int? {
    let byteCount = largest.load(ordering: .relaxed)
    return byteCount < 0 ? nil : byteCount
  }

  func recordResult(byteCount: Int) { largest.max(byteCount, ordering: .relaxed) }

  /// Samples that are left out at the end of an epoch, since they fill no group.
  func recordDropped(_ count: Int) { if count > 0 { counts.withLock { $0.filtered += count } } }

  func recordRetry() { counts.withLock { $0.retries += 1 } }
  func recordTimeout() { counts.withLock { $0.timeouts += 1 } }
  func recordQuarantined() { counts.withLock { $0.quarantined += 1 } }

  /// Adds what went through the queues behind it in an epoch that has ended.
  func add(_ flow: QueueFlow) {
    counts.withLock { $0.flow = $0.flow + flow }
  }

  /// What it has come to.
  ///
  /// - Parameters:
  ///   - running: what is to be added to what was counted.
  ///   - getWait: what those waited who take from the queue behind the stage.
  func snapshot(running: Running, getWait: HandWait) -> StageSnapshot {
    var counts = counts.withLock { $0 }
    counts.times = running.times
    counts.flow = counts.flow + running.flow
    counts.occupied = occupancy.nanoseconds(until: MonotonicClock.now)
    return StageSnapshot(
      name: description.name, concurrency: running.concurrency, activeCount: running.activeCount, counts: counts,
      getWait: getWait)
  }

  /// What is not counted here, or not yet.
  struct Running {
    /// Of all epochs.
    var times: StageTimes
    var concurrency: Int
    /// Of the epochs that run.
    var flow = QueueFlow()
    var activeCount = 0
  }
}
