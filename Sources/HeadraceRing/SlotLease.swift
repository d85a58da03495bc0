/// Keeps one slot from being reused for as long as it lives. Views of the slot hold it.
final class SlotLease: Sendable {
  let ring: Ring
  let slot: Int

  init(ring: Ring, slot: Int) {
    self.ring = ring
    self.slot = slot
  }

  deinit {
    ring.release(slot)
  }
}
