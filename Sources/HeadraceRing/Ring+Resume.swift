import HeadraceCore
import Synchronization

extension Ring {
  /// Makes a ring whole whose producer was killed, at whatever instruction, so that another can go on; the consumer may
  /// be at work meanwhile. To be called while there is no producer.
  ///
  /// What was announced in the order ring is out, and stays. What was written without being announced is given up. The
  /// consumer is woken in any case: the one that was killed may not have come to that.
  ///
  /// - Returns: where the stream stands; nil if nothing is out.
  /// - Throws: `incompatibleRing` if what a producer notes of its messages is not there.
  /// - Complexity: O(slots).
  package func resume() throws(HeadraceError) -> StreamPosition? {
    let cursor = unsafe atomic64(RingLayout.publishedOffset)
    var position = unsafe cursor.pointee.load(ordering: .acquiring)
    // SYNC(publish): killed between the entry and the cursor, it has published: the consumer finds the entry by itself.
    if unsafe OrderEntry(rawValue: order(position).pointee.load(ordering: .acquiring)).slot(at: position) != nil {
      position += 1
      // SYNC(data): as in SlotClaim.finish.
      unsafe cursor.pointee.store(position, ordering: .sequentiallyConsistent)
    }
    giveUpUnannounced(before: position)
    memory.dataSignal.signal()
    guard position > 0 else { return nil }
    let last = streamRecord(position - 1)
    guard let kind = last.kind, last.position == position - 1, last.epoch >= 0, last.epochBatchCount >= 0,
      last.sequence >= 0
    else {
      throw HeadraceError(
        .incompatibleRing,
        "The ring holds no record of message \(position - 1); it was overwritten, or its producer is of another version."
      )
    }
    return StreamPosition(
      epoch: last.epoch, epochBatchCount: last.epochBatchCount, isEnded: kind != .batch, hasFailed: kind == .failure,
      positions: last.epochSampleCount.flatMap { memory.journal.read($0) }, sequence: last.sequence)
  }

  /// The epoch of the newest message that is out, 0 before the first.
  package var lastEpoch: Int {
    let published = publishedCount
    return published > 0 ? max(0, streamRecord(published - 1).epoch) : 0
  }

  /// Frees what the producer had claimed, or had marked as published without announcing it.
  private func giveUpUnannounced(before position: UInt64) {
    let count = UInt64(geometry.slotCount)
    var announced: [Int: Set<SlotStamp>] = [:]
    for earlier in (position > count ? position - count : 0)..<position {
      guard let slot = unsafe OrderEntry(rawValue: order(earlier).pointee.load(ordering: .relaxed)).slot(at: earlier)
      else { continue }
      // It may be that of the message which was not announced any more: then nothing of the earlier one is left.
      let record = streamRecord(earlier)
      if record.position == earlier { announced[slot, default: []].insert(record.stamp) }
    }
    for slot in 0..<geometry.slotCount {
      let stamp = SlotStamp(rawValue: unsafe self.stamp(slot).pointee.load(ordering: .relaxed))
      let isGivenUp =
        switch stamp.state {
        case .claimed: true
        case .published: announced[slot]?.contains(stamp) != true
        case .free, .leased: false
        }
      if isGivenUp { free(slot) }
    }
  }
}
