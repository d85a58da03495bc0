import HeadraceCore
import HeadraceSystem
import Synchronization

/// The stages' statistics, where any process that maps the ring can read them at any time.
///
/// ```
/// lock u64 (odd while being written) | stage count u32 | ... 512
/// entries of 384 bytes, one per stage; see StatisticsEntry
/// ```
///
/// A sequence lock: the writer never waits, and a reader that catches it in the act tries again, for up to 10 ms. By
/// then the writer was killed or is suspended, and the reader takes what is there: the numbers can be of two moments,
/// and a name can be cut.
@safe
package struct StatisticsBlock: Sendable {
  private let ring: Ring

  /// The block of `ring`: the one writer makes one of these, and whoever looks on another.
  package init(_ ring: Ring) {
    self.ring = ring
  }

  /// Replaces what is there. One writer at a time.
  package func write(_ stages: [StageStatistics]) {
    let base = ring.geometry.statisticsOffset
    let lock = unsafe ring.atomic64(base)
    let count = min(stages.count, RingLayout.statisticsEntryCount)
    // Odd from here on, also when a writer before this one was killed in the act and left it odd.
    let begun = (unsafe lock.pointee.load(ordering: .relaxed) &+ 1) | 1
    unsafe lock.pointee.store(begun, ordering: .relaxed)
    // SYNC(statistics): no store below moves above the odd number; pairs with the fence in read().
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    ring.store(base + 8, UInt32(count))
    for (index, stage) in stages.prefix(count).enumerated() {
      StatisticsEntry.write(stage, to: ring, at: entryOffset(index))
    }
    unsafe lock.pointee.store(begun &+ 1, ordering: .releasing)
  }

  /// The newest statistics; empty before the first.
  package func read() -> [StageStatistics] {
    let lock = unsafe ring.atomic64(ring.geometry.statisticsOffset)
    let patience = MonotonicClock.now + 10_000_000
    repeat {
      let before = unsafe lock.pointee.load(ordering: .acquiring)
      if before & 1 == 0 {
        let stages = readEntries()
        // SYNC(statistics): no load above moves below the second look; pairs with the fence in write().
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        if unsafe lock.pointee.load(ordering: .relaxed) == before { return stages }
      }
      Thread.yield()
    } while MonotonicClock.now < patience
    // One that was killed leaves the lock odd until another writer comes.
    return readEntries()
  }

  private func readEntries() -> [StageStatistics] {
    let count = min(
      Int(ring.load(ring.geometry.statisticsOffset + 8, as: UInt32.self)), RingLayout.statisticsEntryCount)
    return (0..<count).map { StatisticsEntry.read(from: ring, at: entryOffset($0)) }
  }

  private func entryOffset(_ index: Int) -> Int {
    ring.geometry.statisticsOffset + RingLayout.statisticsHeaderByteCount + index * RingLayout.statisticsEntryByteCount
  }
}
