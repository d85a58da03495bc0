import HeadraceCore
import HeadraceSystem
import Synchronization

/// Readers that come and go: for the one process that decides who reads.
extension Ring {
  /// A free place; nil if there is none.
  ///
  /// - Parameter wanted: the place that it must be.
  package func freePlace(_ wanted: Int? = nil) -> Int? {
    (0..<geometry.readerCount).first { readerProcessID($0) == nil && (wanted == nil || wanted == $0) }
  }

  /// Gives a process a place, from now on it is to have batches, and what waits for readers that are gone.
  ///
  /// - Returns: the position at which it begins to look.
  package func join(place: Int, processID: Int) -> UInt64 {
    let entry = readerOffset(place)
    let position = publishedCount
    // From the very start it is of the first epoch; else of the one whose batch it gets first.
    let epoch: UInt64 = position == 0 ? 0 : .max
    unsafe atomic64(entry + RingLayout.ReaderOffset.requestedEpoch).pointee.store(epoch, ordering: .relaxed)
    unsafe atomic64(entry + RingLayout.ReaderOffset.waitingSince).pointee.store(0, ordering: .relaxed)
    unsafe waitingFlag(place).pointee.store(0, ordering: .relaxed)
    unsafe atomic32(entry + RingLayout.ReaderOffset.processID).pointee
      .store(UInt32(truncatingIfNeeded: max(1, processID)), ordering: .releasing)
    // SYNC(readers): active first, the look at the stamps second.
    setActive(activeReaders.union(ReaderSet(place)))
    let gone = ReaderSet(bits: ~activeReaders.bits)
    handOver(from: gone, to: ReaderSet(place))
    memory.controlSignal.signal()
    return position
  }

  /// A reader is to have no further batches. Where each batch is for one reader only, another gets what was to come to
  /// it; if there is no other, whoever joins next does.
  ///
  /// May be done again, whatever came of it before.
  package func leave(place: Int) {
    // SYNC(readers): as in join.
    setActive(activeReaders.subtracting(ReaderSet(place)))
    let active = activeReaders
    if let heir = active.following(place) {
      handOver(from: ReaderSet(place), to: geometry.sharing == .broadcast ? ReaderSet() : ReaderSet(heir))
    }
    // What it asked for counts no more.
    memory.controlSignal.signal()
  }

  /// A reader's process has ended, or holds nothing any more: what it held comes back, and its place is free.
  package func end(place: Int) {
    leave(place: place)
    for slot in 0..<geometry.slotCount { update(slot) { $0.released(by: ReaderSet(place)) } }
    unsafe atomic32(readerOffset(place) + RingLayout.ReaderOffset.processID).pointee.store(0, ordering: .releasing)
  }

  private func setActive(_ readers: ReaderSet) {
    unsafe atomic32(RingLayout.activeReadersOffset).pointee.store(readers.bits, ordering: .sequentiallyConsistent)
  }

  /// Takes readers out of what they have not taken. The heir, if there is one, gets each batch that nobody else is to
  /// have, and every end of an epoch, so that to each batch it gets the end of its epoch too: twice does not matter.
  private func handOver(from gone: ReaderSet, to heir: ReaderSet) {
    for slot in 0..<geometry.slotCount {
      // As long as a reader that is gone is among those that are to have it, the slot is not written anew.
      let isEnd = !isBatch(slot)
      update(slot) { $0.withdrawn(from: gone, heir: heir, always: isEnd) }
    }
    guard let place = heir.first else { return }
    // SYNC(rescan): after the stamps; pairs with RingConsumer, which looks again from the oldest message on.
    unsafe atomic32(readerOffset(place) + RingLayout.ReaderOffset.rescan).pointee
      .wrappingAdd(1, ordering: .sequentiallyConsistent)
    wakeReaders(heir)
  }
}
