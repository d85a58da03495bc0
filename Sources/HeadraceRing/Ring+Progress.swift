import HeadraceCore
import HeadraceSystem
import Synchronization

/// What the consumer tells of itself: written by it alone, and read by a producer that wants to know whether it waits.
extension Ring {
  /// What the consumer has taken until now, and how long it has waited, a wait that goes on included.
  package var consumerProgress: ConsumerProgress {
    while true {
      // SYNC(progress): a wait that ends is no longer going on before it is part of the sum; pairs with
      // endWait(since:). So where nothing has changed between the two looks, it is counted once.
      let since = unsafe atomic64(RingLayout.waitingSinceOffset).pointee.load(ordering: .acquiring)
      let waited = unsafe atomic64(RingLayout.waitedNanosecondsOffset).pointee.load(ordering: .acquiring)
      guard unsafe atomic64(RingLayout.waitingSinceOffset).pointee.load(ordering: .acquiring) == since else { continue }
      let now = MonotonicClock.now
      let taken = unsafe atomic64(RingLayout.takenBatchesOffset).pointee.load(ordering: .relaxed)
      return ConsumerProgress(
        takenCount: Int(clamping: taken), waitNanoseconds: waited &+ (since > 0 && now > since ? now - since : 0))
    }
  }

  /// The consumer has taken so many batches since the start.
  func noteTaken(_ count: UInt64) {
    unsafe atomic64(RingLayout.takenBatchesOffset).pointee.store(count, ordering: .relaxed)
  }

  /// The consumer begins to wait.
  func beginWait(_ now: UInt64) {
    unsafe atomic64(RingLayout.waitingSinceOffset).pointee.store(now, ordering: .releasing)
  }

  /// It waits no more.
  func endWait(since begun: UInt64) {
    let now = MonotonicClock.now
    let word = unsafe atomic64(RingLayout.waitedNanosecondsOffset)
    let waited = unsafe word.pointee.load(ordering: .relaxed) &+ (now > begun ? now - begun : 0)
    // SYNC(progress): see consumerProgress.
    unsafe atomic64(RingLayout.waitingSinceOffset).pointee.store(0, ordering: .releasing)
    unsafe word.pointee.store(waited, ordering: .releasing)
  }
}
