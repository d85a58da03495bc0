import HeadraceSystem

/// Keeps one slot from being reused for as long as it lives. Views of the slot hold it.
final class SlotLease: Sendable {
  let ring: Ring
  let slot: Int
  /// A forked child has a copy of the lease, and no right to give the slot back.
  private let owner = ProcessIdentity.current

  init(ring: Ring, slot: Int) {
    self.ring = ring
    self.slot = slot
  }

  deinit {
    guard owner == .current else { return }
    ring.release(slot)
  }
}
