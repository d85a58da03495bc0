import HeadraceCore
import HeadraceSystem

/// Keeps one slot from being reused until it goes away.
///
/// A value and not an object: a batch that was taken after a long sleep finds no cache warm, and each line of memory
/// that is touched then costs as much as all the arithmetic.
struct SlotLease: ~Copyable, Sendable {
  /// Nil for memory that is no slot's.
  private let holder: Ring?
  let slot: Int
  /// The place of the reader that has it.
  private let reader: Int
  /// A forked child has a copy of the lease, but not the ring's memory, and no right to give the slot back.
  private let owner = ProcessIdentity.current

  init(ring: Ring, slot: Int, reader: Int) {
    holder = ring
    self.reader = reader
    self.slot = slot
  }

  /// A lease on nothing, for a batch that lies in private memory.
  init() {
    holder = nil
    slot = 0
    reader = 0
  }

  deinit {
    guard let holder, owner == .current else { return }
    holder.release(slot, by: reader)
  }

  /// The ring that the slot belongs to; nil for none.
  ///
  /// - Throws: `forkUnsafe` in another process than the one that took the lease.
  func ring() throws(HeadraceError) -> Ring? {
    guard let holder else { return nil }
    let process = ProcessIdentity.current
    guard process == owner else { throw refusal(process) }
    return holder
  }

  @inline(never)
  private func refusal(_ process: ProcessIdentity) -> HeadraceError {
    HeadraceError(
      .forkUnsafe,
      "The batch belongs to process \(owner); this is process \(process), forked from it later, which has not got the"
        + " ring's memory. Take what the child needs out of the batch before the fork, for example with BatchCopy.")
  }
}
