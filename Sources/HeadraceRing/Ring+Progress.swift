import HeadraceCore
import HeadraceSystem
import Synchronization

/// What readers tell of themselves: each writes its own entry, and a producer reads it that wants to know whether they
/// wait.
extension Ring {
  /// What the readers have taken until now, and how long one has waited on average, waits that go on included.
  ///
  /// A batch that comes to all counts once.
  package var consumerProgress: ConsumerProgress {
    var taken = 0, waited: UInt64 = 0
    for place in 0..<geometry.readerCount {
      let one = progress(of: place)
      taken = geometry.sharing == .broadcast ? max(taken, one.takenCount) : taken &+ one.takenCount
      waited &+= one.waitNanoseconds
    }
    return ConsumerProgress(takenCount: taken, waitNanoseconds: waited / UInt64(geometry.readerCount))
  }

  /// How long the readers have waited until now, by place, waits that go on included.
  package var waitNanoseconds: [UInt64] { (0..<geometry.readerCount).map { progress(of: $0).waitNanoseconds } }

  /// What one reader has taken, and those that had its place before, and how long they have waited.
  package func progress(of place: Int) -> ConsumerProgress {
    let entry = readerOffset(place)
    let begun = entry + RingLayout.ReaderOffset.waitingSince
    // Bounded, since the memory may be anything: each turn but the last means that a wait has begun or ended meanwhile.
    var turn = 0
    while true {
      turn += 1
      // SYNC(progress): a wait that ends is no longer going on before it is part of the sum; pairs with
      // endWait(since:). So where nothing has changed between the two looks, it is counted once.
      let since = unsafe atomic64(begun).pointee.load(ordering: .acquiring)
      let waited = unsafe atomic64(entry + RingLayout.ReaderOffset.waitedNanoseconds).pointee.load(ordering: .acquiring)
      guard unsafe atomic64(begun).pointee.load(ordering: .acquiring) == since || turn > 1_000 else { continue }
      let now = MonotonicClock.now
      let taken = unsafe atomic64(entry + RingLayout.ReaderOffset.takenBatches).pointee.load(ordering: .relaxed)
      return ConsumerProgress(
        takenCount: Int(clamping: taken), waitNanoseconds: waited &+ (since > 0 && now > since ? now - since : 0))
    }
  }

  /// The reader has taken so many batches since the start.
  func noteTaken(_ count: UInt64, by place: Int) {
    unsafe atomic64(readerOffset(place) + RingLayout.ReaderOffset.takenBatches).pointee
      .store(count, ordering: .relaxed)
  }

  /// The reader begins to wait.
  func beginWait(_ now: UInt64, by place: Int = 0) {
    unsafe atomic64(readerOffset(place) + RingLayout.ReaderOffset.waitingSince).pointee
      .store(now, ordering: .releasing)
  }

  /// It waits no more.
  func endWait(since begun: UInt64, by place: Int = 0) {
    let now = MonotonicClock.now
    let word = unsafe atomic64(readerOffset(place) + RingLayout.ReaderOffset.waitedNanoseconds)
    let waited = unsafe word.pointee.load(ordering: .relaxed) &+ (now > begun ? now - begun : 0)
    // SYNC(progress): see progress(of:).
    unsafe atomic64(readerOffset(place) + RingLayout.ReaderOffset.waitingSince).pointee.store(0, ordering: .releasing)
    unsafe word.pointee.store(waited, ordering: .releasing)
  }
}
