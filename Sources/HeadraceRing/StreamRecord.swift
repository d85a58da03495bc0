import Synchronization

/// What a message was and where in the stream it stood, kept beside the order ring for a producer that goes on where
/// another was killed.
///
/// ```
/// record, 64 bytes: epoch u64 | batches of that epoch u64 | sequence u64 | unused u64 | samples u64 |
///                   kind u32 | position u64
/// ```
///
/// The record of position p is at place p mod slots, and written before the order entry that announces p: so of every
/// message that is out there is a record, until one more message for each slot is out.
struct StreamRecord: Hashable, Sendable {
  var epoch: Int
  /// Batches of that epoch up to here, this one included if it is one.
  var epochBatchCount: Int
  /// Batches since the start up to here, this one included.
  var sequence: Int
  /// Samples in the epoch's batches up to here; their positions are in the journal. Nil: the journal does not hold them
  /// all.
  var epochSampleCount: Int?
  /// Nil: no producer of this version has written it.
  var kind: SlotMessage?
  /// Position of the message: the record that was here before is of another.
  var position: UInt64
}

extension Ring {
  /// The record of the message at `position`.
  func streamRecord(_ position: UInt64) -> StreamRecord {
    let base = streamRecordOffset(position)
    return StreamRecord(
      epoch: Int(truncatingIfNeeded: load(base, as: UInt64.self)),
      epochBatchCount: Int(truncatingIfNeeded: load(base + 8, as: UInt64.self)),
      sequence: Int(truncatingIfNeeded: load(base + 16, as: UInt64.self)),
      epochSampleCount: Int(exactly: load(base + 32, as: UInt64.self)),
      kind: SlotMessage(rawValue: load(base + 40, as: UInt32.self)), position: load(base + 48, as: UInt64.self))
  }

  /// Batches of `epoch` before the message at `position`.
  func epochBatchCount(of epoch: Int, before position: UInt64) -> Int {
    guard position > 0 else { return 0 }
    let base = streamRecordOffset(position - 1)
    guard load(base, as: UInt64.self) == UInt64(epoch) else { return 0 }
    // What was read may have been overwritten: whose turn it is must be decided all the same.
    return max(0, Int(truncatingIfNeeded: load(base + 8, as: UInt64.self)))
  }

  /// Notes what the message at `position` is, which is announced after this.
  ///
  /// - Parameters:
  ///   - sequence: batches since the start, this one not included.
  ///   - positions: of the samples in it.
  func noteStream(
    _ position: UInt64, _ kind: SlotMessage, epoch: Int, sequence: Int, positions: [UInt64]
  ) {
    var batches = 0
    var samples: Int? = 0
    if position > 0 {
      let previous = streamRecord(position - 1)
      if previous.epoch == epoch { (batches, samples) = (previous.epochBatchCount, previous.epochSampleCount) }
    }
    var sequence = sequence
    if kind == .batch {
      // What was read may have been overwritten: a wrong number is no reason to end the program.
      batches &+= 1
      sequence &+= 1
      if let before = samples {
        samples = memory.journal.write(positions, at: before) ? before + positions.count : nil
      }
    }
    let base = streamRecordOffset(position)
    let number = unsafe atomic64(base + 48)
    unsafe number.pointee.store(.max, ordering: .relaxed)
    // A producer that is killed below leaves a record of no message: neither this one's nor that of the message before.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    store(base, UInt64(epoch))
    store(base + 8, UInt64(truncatingIfNeeded: batches))
    store(base + 16, UInt64(sequence))
    store(base + 32, samples.map(UInt64.init) ?? .max)
    store(base + 40, kind.rawValue)
    unsafe number.pointee.store(position, ordering: .releasing)
  }

  private func streamRecordOffset(_ position: UInt64) -> Int {
    geometry.streamOffset + Int(position % UInt64(geometry.slotCount)) * RingLayout.streamRecordByteCount
  }
}
