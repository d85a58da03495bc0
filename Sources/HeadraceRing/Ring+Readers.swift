import HeadraceCore
import HeadraceSystem
import Synchronization

/// Who reads a ring.
///
/// Readers have places, numbered from 0. One process alone says who is there (`join`, `leave`, `end`): the one that
/// made the ring, and then its supervisor. A reader that is active is to have batches; one that has left may still hold
/// some.
///
/// SYNC(readers): sequentially consistent on both sides. The producer stores who is to have a message, then looks who
/// is active; whoever takes a reader out takes it out of the active ones, then out of the stamps. So at least one of
/// them sees the other, and no message waits for a reader that is gone.
extension Ring {
  func readerOffset(_ place: Int) -> Int { geometry.readersOffset + place * RingLayout.readerEntryByteCount }

  /// Readers that are to have batches.
  package var activeReaders: ReaderSet {
    ReaderSet(bits: unsafe atomic32(RingLayout.activeReadersOffset).pointee.load(ordering: .sequentiallyConsistent))
  }

  /// How many readers must be there before the first message is published.
  package var awaitedReaderCount: Int {
    get { Int(unsafe atomic32(RingLayout.awaitedReadersOffset).pointee.load(ordering: .relaxed)) }
    set { unsafe atomic32(RingLayout.awaitedReadersOffset).pointee.store(UInt32(newValue), ordering: .relaxed) }
  }

  /// Readers that are missing before the first message can be published.
  package var missingReaderCount: Int {
    publishedCount > 0 ? 0 : max(0, awaitedReaderCount - activeReaders.count)
  }

  /// What the worker as a whole is doing, in words: its phase; where that is for want of readers, that.
  package var workerActivity: String {
    guard workerPhase == .waitingForSlot, !hasAudience else { return "\(workerPhase)" }
    let missing = missingReaderCount
    return missing == 0 ? "waiting for a reader" : "waiting for \(missing) of \(awaitedReaderCount) readers"
  }

  /// Whether there is anybody to publish for.
  var hasAudience: Bool { !activeReaders.isEmpty && missingReaderCount == 0 }

  /// Number of the process at a place; nil where nobody is.
  package func readerProcessID(_ place: Int) -> Int? {
    let number = unsafe atomic32(readerOffset(place) + RingLayout.ReaderOffset.processID).pointee
      .load(ordering: .acquiring)
    return number == 0 ? nil : Int(number)
  }

  // MARK: What the producer asks

  /// The least epoch that is of use to a reader; nil where it has not said.
  func requestedEpoch(_ place: Int) -> Int? {
    let epoch = unsafe atomic64(readerOffset(place) + RingLayout.ReaderOffset.requestedEpoch).pointee
      .load(ordering: .acquiring)
    return epoch == .max ? nil : Int(clamping: epoch)
  }

  /// Whether a reader is asleep or about to be, so that the next publication for it has to wake it.
  package var isConsumerWaiting: Bool {
    let active = activeReaders
    return (0..<geometry.readerCount).contains { active.contains($0) && isWaiting($0) }
  }

  func isWaiting(_ place: Int) -> Bool { unsafe waitingFlag(place).pointee.load(ordering: .relaxed) != 0 }

  @unsafe func waitingFlag(_ place: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe atomic32(readerOffset(place) + RingLayout.ReaderOffset.waiting)
  }

  /// Marks a claimed slot as published, and says who is to have it. It is not announced yet, so nobody takes it.
  ///
  /// - Returns: who is to be woken once it is announced.
  func address(_ slot: Int, _ kind: SlotMessage, turn: Int) -> ReaderSet {
    let word = unsafe stamp(slot)
    let claimed = SlotStamp(rawValue: unsafe word.pointee.load(ordering: .relaxed))
    var active = activeReaders
    var readers = audience(kind, turn: turn, of: active)
    // SYNC(readers): the stamp first, the look at who is active second.
    unsafe word.pointee.store(claimed.published(for: readers).rawValue, ordering: .sequentiallyConsistent)
    while true {
      let now = activeReaders
      guard now != active else { return readers }
      active = now
      readers = audience(kind, turn: turn, of: now)
      update(slot) { stamp in
        // Where the other side was faster nobody that is gone is left in it, or the slot is free.
        guard stamp.state == .published, stamp.round == claimed.round, !stamp.wanted.subtracting(now).isEmpty
        else { return nil }
        return claimed.published(for: readers)
      }
    }
  }

  /// Who is to have a message. With nobody there: whoever has place 0, or comes next.
  private func audience(_ kind: SlotMessage, turn: Int, of active: ReaderSet) -> ReaderSet {
    if active.isEmpty { return ReaderSet(0) }
    guard kind == .batch, geometry.sharing == .partition, let next = active.member(inTurn: turn) else { return active }
    return ReaderSet(next)
  }

  /// Wakes those of the readers that are asleep or about to be.
  ///
  /// - Parameter turn: whose turn it is to be woken first, who then often is the first to come.
  func wakeWaitingReaders(_ readers: ReaderSet, turn: UInt64) {
    let count = geometry.readerCount
    let first = Int(turn % UInt64(count))
    for place in (first..<count) where readers.contains(place) { wakeIfWaiting(place) }
    for place in 0..<first where readers.contains(place) { wakeIfWaiting(place) }
  }

  private func wakeIfWaiting(_ place: Int) {
    // SYNC(data): see SlotClaim.finish.
    if unsafe waitingFlag(place).pointee.load(ordering: .sequentiallyConsistent) != 0 {
      memory.dataSignals[place]?.signal()
    }
  }

  /// Wakes readers, whatever they do.
  func wakeReaders(_ readers: ReaderSet) {
    for place in readers.places where place < geometry.readerCount { memory.dataSignals[place]?.signal() }
  }

  // MARK: Beside the stamp

  /// What the message in a slot is: its position and its kind in one word, which counts while the slot is published.
  @unsafe private func message(_ slot: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe atomic64(geometry.stampsOffset + slot * RingLayout.stampStride + RingLayout.messageOffset)
  }

  func messagePosition(_ slot: Int) -> UInt64 { unsafe message(slot).pointee.load(ordering: .relaxed) >> 2 }

  func isBatch(_ slot: Int) -> Bool {
    unsafe message(slot).pointee.load(ordering: .relaxed) & 3 == UInt64(SlotMessage.batch.rawValue)
  }

  func setMessage(_ slot: Int, _ kind: SlotMessage, at position: UInt64) {
    unsafe message(slot).pointee.store(position << 2 | UInt64(kind.rawValue), ordering: .relaxed)
  }
}
