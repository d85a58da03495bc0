import HeadraceCore

/// The newest samples that were skipped: what the counters count, by name.
///
/// ```
/// cursor u64: entries written since the start | ... 512
/// entry, 512 bytes: stamp u64 (its number + 1, 0 while being written) | epoch u64 | position u64 | byte count u32 |
///                   error as in a failure message
/// ```
///
/// The log keeps the last 255; a reader that comes later learns from the numbers how many it missed.
@safe
package struct EventLog: Sendable {
  private let log: RingLog

  /// The log of `ring`: the one writer makes one of these, and whoever looks on another.
  package init(_ ring: Ring) {
    log = RingLog(
      ring: ring, offset: ring.geometry.eventsOffset, headerByteCount: RingLayout.eventHeaderByteCount,
      entryByteCount: RingLayout.eventEntryByteCount, entryCount: RingLayout.eventEntryCount)
  }

  /// Entries written since the start.
  package var writtenCount: Int { log.writtenCount }

  /// Adds an entry. One writer at a time.
  package func append(_ failure: SampleFailure) {
    let ring = log.ring
    ring.memory.failureJournal.write(FailureKey(failure), number: writtenCount)
    log.append { entry in
      ring.store(entry + 8, UInt64(failure.epoch))
      ring.store(entry + 16, UInt64(failure.position))
      let text = ErrorCoding.encode(failure.error, limit: RingLayout.eventEntryByteCount - 32)
      ring.store(entry + 24, UInt32(text.count))
      unsafe ring.bytes((entry + 32)..<(entry + RingLayout.eventEntryByteCount)).copyBytes(from: text)
    }
  }

  /// The failures of epoch `first` and later that have been told, as far as they are known: the newest 65,536. How
  /// often each was.
  ///
  /// Epochs overlap by one: what is read ends at the first failure of an epoch before that.
  package func told(from first: Int) -> [FailureKey: Int] {
    var told: [FailureKey: Int] = [:]
    for entry in log.ring.memory.failureJournal.read(before: writtenCount, while: { $0.epoch >= first - 1 })
    where entry.epoch >= first {
      told[entry, default: 0] += 1
    }
    return told
  }

  /// The entries from number `first` up to `end` that are still there.
  ///
  /// - Parameter end: a `writtenCount`, so that a caller who goes on from there later reads no entry twice.
  package func read(from first: Int, upTo end: Int) -> [SampleFailure] {
    let ring = log.ring
    return log.read(from: first, upTo: end) { entry in
      let count = min(Int(ring.load(entry + 24, as: UInt32.self)), RingLayout.eventEntryByteCount - 32)
      return SampleFailure(
        epoch: Int(truncatingIfNeeded: ring.load(entry + 8, as: UInt64.self)),
        position: Int(truncatingIfNeeded: ring.load(entry + 16, as: UInt64.self)),
        error: ErrorCoding.decode(unsafe Array(ring.bytes((entry + 32)..<(entry + 32 + count)))))
    }
  }
}
