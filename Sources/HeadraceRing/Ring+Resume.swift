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
    // SYNC(publish): killed between the entry and the cursor, it has published: readers find the entry by itself.
    if unsafe OrderEntry(rawValue: order(position).pointee.load(ordering: .acquiring)).slot(at: position) != nil {
      position += 1
      // SYNC(data): as in SlotClaim.finish.
      unsafe cursor.pointee.store(position, ordering: .sequentiallyConsistent)
    }
    giveUpUnannounced(before: position)
    wakeReaders(activeReaders)
    guard position > 0 else { return nil }
    guard var found = streamPosition(before: position) else {
      throw HeadraceError(
        .incompatibleRing,
        "The ring holds no record of message \(position - 1); it was overwritten, or its producer is of another"
          + " version."
      )
    }
    let samples = streamRecord(position - 1).epochSampleCount
    found.positions = samples.flatMap { memory.journal.read($0) }
    return found
  }

  /// Where the stream stands, without the positions of samples; nil if nothing is out, or its record is being written.
  package var streamPosition: StreamPosition? {
    let position = publishedCount
    return position > 0 ? streamPosition(before: position) : nil
  }

  private func streamPosition(before position: UInt64) -> StreamPosition? {
    let last = streamRecord(position - 1)
    guard let kind = last.kind, last.position == position - 1, last.epoch >= 0, last.epochBatchCount >= 0,
      last.sequence >= 0
    else { return nil }
    return StreamPosition(
      epoch: last.epoch, epochBatchCount: last.epochBatchCount, isEnded: kind != .batch, hasFailed: kind == .failure,
      positions: nil, sequence: last.sequence)
  }

  /// The epoch of the newest message that is out, 0 before the first.
  package var lastEpoch: Int {
    let published = publishedCount
    return published > 0 ? max(0, streamRecord(published - 1).epoch) : 0
  }

  /// Frees what the producer had claimed, or had marked as published without announcing it.
  ///
  /// A slot that is published tells the position of its message; those that were announced have earlier ones.
  private func giveUpUnannounced(before position: UInt64) {
    for slot in 0..<geometry.slotCount {
      let stamp = SlotStamp(rawValue: unsafe self.stamp(slot).pointee.load(ordering: .sequentiallyConsistent))
      switch stamp.state {
      case .claimed?: free(slot)
      case .published?:
        guard messagePosition(slot) >= position else { continue }
        // Readers that leave meanwhile may be taken out of it by the process that decides who reads.
        update(slot) { $0.state == .published && $0.round == stamp.round ? $0.recycled : nil }
      case .free?, nil: break
      }
    }
  }
}
