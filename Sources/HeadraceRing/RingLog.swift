import Synchronization

/// A log in the ring that keeps the newest of its entries: what `EventLog` and `TuningLog` have in common.
///
/// ```
/// cursor u64: entries written since the start | ... header
/// entry: stamp u64 (its number + 1, 0 while being written) | ...
/// ```
///
/// A reader that comes later learns from the numbers how many entries it missed.
@safe
struct RingLog: Sendable {
  let ring: Ring
  /// Bytes from the start of the memory to the header.
  let offset: Int
  let headerByteCount: Int
  let entryByteCount: Int
  /// Entries that are kept.
  let entryCount: Int

  /// Entries written since the start.
  var writtenCount: Int {
    // Clamped: memory that was overwritten must not trap whoever reads it.
    Int(clamping: unsafe ring.atomic64(offset).pointee.load(ordering: .acquiring))
  }

  /// Adds an entry. One writer at a time.
  ///
  /// - Parameter write: is given where the entry begins, and writes all but the stamp.
  func append(_ write: (_ entry: Int) -> Void) {
    let cursor = unsafe ring.atomic64(offset)
    let number = unsafe cursor.pointee.load(ordering: .relaxed)
    let entry = entryOffset(number)
    unsafe ring.atomic64(entry).pointee.store(0, ordering: .relaxed)
    // SYNC(log): an entry being overwritten is marked before its bytes change; pairs with the fence in read(from:).
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    write(entry)
    unsafe ring.atomic64(entry).pointee.store(number &+ 1, ordering: .releasing)
    unsafe cursor.pointee.store(number &+ 1, ordering: .releasing)
  }

  /// The entries from number `first` up to `end` that are still there.
  ///
  /// - Parameters:
  ///   - end: a `writtenCount`, so that a caller who goes on from there later reads no entry twice.
  ///   - read: is given where an entry begins. What it returns is dropped if the entry was overwritten meanwhile.
  func read<Entry>(from first: Int, upTo end: Int, _ read: (_ entry: Int) -> Entry) -> [Entry] {
    let start = max(first, end - entryCount, 0)
    return (start..<max(start, end)).compactMap { number in
      let entry = entryOffset(UInt64(number))
      guard unsafe ring.atomic64(entry).pointee.load(ordering: .acquiring) == UInt64(number + 1) else { return nil }
      let value = read(entry)
      // SYNC(log): no load above moves below; pairs with the fence in append(_:).
      atomicMemoryFence(ordering: .sequentiallyConsistent)
      guard unsafe ring.atomic64(entry).pointee.load(ordering: .relaxed) == UInt64(number + 1) else { return nil }
      return value
    }
  }

  private func entryOffset(_ number: UInt64) -> Int {
    offset + headerByteCount + Int(number % UInt64(entryCount)) * entryByteCount
  }
}
