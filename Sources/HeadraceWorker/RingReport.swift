import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem
import Synchronization

/// Writes a worker's statistics and resource usage into its ring.
final class RingReport: Sendable {
  let run = Mutex<PipelineRun?>(nil)
  private let block: Mutex<StatisticsBlock>
  private let ring: Ring
  private let observer: RingObserver
  private let pool: ProcessPool?
  private let due = Atomic<UInt64>(0)
  /// What workers before this one have told; nothing where there was none.
  private let earlier: [StageStatistics]
  private let earlierUsage: (cpuNanoseconds: UInt64, peakResidentByteCount: UInt64, copiedByteCount: UInt64)

  /// Statistics are written at most this often while batches flow.
  private static let interval: UInt64 = 50_000_000

  init(ring: Ring, observer: RingObserver, pool: ProcessPool? = nil) {
    self.pool = pool
    self.ring = ring
    self.observer = observer
    let block = StatisticsBlock(ring)
    earlier = block.read()
    earlierUsage = ring.workerUsage
    self.block = Mutex(block)
  }

  /// Writes unless that was done a moment ago. Called after each batch, from any thread.
  func writeIfDue() {
    let now = MonotonicClock.now
    let due = due.load(ordering: .relaxed)
    guard now >= due else { return }
    let (won, _) = self.due.compareExchange(expected: due, desired: now + Self.interval, ordering: .relaxed)
    if won { write() }
  }

  /// - Complexity: O(stages), some microseconds each.
  func write() {
    guard let run = run.withLock({ $0 }) else { return }
    // Looked at with the lock held: of two who write at once, the later also writes the later numbers.
    block.withLock { block in
      block.write(run.statistics().adding(earlier))
      let usage = ResourceUsage.current
      let poolUsage = pool?.usage ?? (cpuNanoseconds: 0, peakResidentByteCount: 0)
      ring.workerUsage = (
        earlierUsage.cpuNanoseconds &+ usage.cpuNanoseconds &+ poolUsage.cpuNanoseconds,
        max(earlierUsage.peakResidentByteCount, UInt64(usage.peakResidentByteCount) &+ poolUsage.peakResidentByteCount),
        earlierUsage.copiedByteCount &+ UInt64(observer.copiedByteCount)
      )
    }
  }
}
