import HeadraceCore
import Synchronization

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
  private let ring: Ring

  /// The log of `ring`: the one writer makes one of these, and whoever looks on another.
  package init(_ ring: Ring) {
    self.ring = ring
  }

  /// Entries written since the start.
  package var writtenCount: Int {
    // Clamped: memory that was overwritten must not trap whoever reads it.
    Int(clamping: unsafe ring.atomic64(ring.geometry.eventsOffset).pointee.load(ordering: .acquiring))
  }

  /// Adds an entry. One writer at a time.
  package func append(_ failure: SampleFailure) {
    let cursor = unsafe ring.atomic64(ring.geometry.eventsOffset)
    let number = unsafe cursor.pointee.load(ordering: .relaxed)
    let entry = entryOffset(number)
    unsafe ring.atomic64(entry).pointee.store(0, ordering: .relaxed)
    // SYNC(events): an entry being overwritten is marked before its bytes change; pairs with the fence in read(from:).
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    ring.store(entry + 8, UInt64(failure.epoch))
    ring.store(entry + 16, UInt64(failure.position))
    let text = ErrorCoding.encode(failure.error, limit: RingLayout.eventEntryByteCount - 32)
    ring.store(entry + 24, UInt32(text.count))
    unsafe ring.bytes((entry + 32)..<(entry + RingLayout.eventEntryByteCount)).copyBytes(from: text)
    unsafe ring.atomic64(entry).pointee.store(number &+ 1, ordering: .releasing)
    unsafe cursor.pointee.store(number &+ 1, ordering: .releasing)
  }

  /// The entries from number `first` up to `end` that are still there.
  ///
  /// - Parameter end: a `writtenCount`, so that a caller who goes on from there later reads no entry twice.
  package func read(from first: Int, upTo end: Int) -> [SampleFailure] {
    let start = max(first, end - RingLayout.eventEntryCount, 0)
    return (start..<max(start, end)).compactMap { number in
      let entry = entryOffset(UInt64(number))
      guard unsafe ring.atomic64(entry).pointee.load(ordering: .acquiring) == UInt64(number + 1) else { return nil }
      let count = min(Int(ring.load(entry + 24, as: UInt32.self)), RingLayout.eventEntryByteCount - 32)
      let failure = SampleFailure(
        epoch: Int(truncatingIfNeeded: ring.load(entry + 8, as: UInt64.self)),
        position: Int(truncatingIfNeeded: ring.load(entry + 16, as: UInt64.self)),
        error: ErrorCoding.decode(unsafe Array(ring.bytes((entry + 32)..<(entry + 32 + count)))))
      // SYNC(events): no load above moves below; pairs with the fence in append(_:).
      atomicMemoryFence(ordering: .sequentiallyConsistent)
      guard unsafe ring.atomic64(entry).pointee.load(ordering: .relaxed) == UInt64(number + 1) else { return nil }
      return failure
    }
  }

  private func entryOffset(_ number: UInt64) -> Int {
    let index = Int(number % UInt64(RingLayout.eventEntryCount))
    return ring.geometry.eventsOffset + RingLayout.eventHeaderByteCount + index * RingLayout.eventEntryByteCount
  }
}
