import HeadraceCore
import HeadraceSystem

/// Keeps one slot from being reused for as long as it lives. Views of the slot hold it.
final class SlotLease: Sendable {
  let ring: Ring
  let slot: Int
  /// A forked child has a copy of the lease, but not the ring's memory, and no right to give the slot back.
  private let owner = ProcessIdentity.current

  init(ring: Ring, slot: Int) {
    self.ring = ring
    self.slot = slot
  }

  /// Why this process must not read the slot; nil in the one that took the lease.
  var refusal: HeadraceError? {
    let process = ProcessIdentity.current
    guard process != owner else { return nil }
    return HeadraceError(
      .forkUnsafe,
      "The batch belongs to process \(owner); this is process \(process), forked from it later, which has not got the"
        + " ring's memory. Take what the child needs out of the batch before the fork, for example with BatchCopy.")
  }

  deinit {
    guard owner == .current else { return }
    ring.release(slot)
  }
}
