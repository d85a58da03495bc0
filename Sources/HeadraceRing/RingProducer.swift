import HeadraceCore
import HeadraceSystem
import Synchronization

/// The writing end of a ring. One per ring, used by one thread at a time for `tryClaim`; claims may go to any thread,
/// but only one of them is published at a time, since the cursor has one writer.
@safe
package final class RingProducer: @unchecked Sendable {
  /// The ring that it writes to.
  package let ring: Ring
  /// Where the search for a free slot starts: round robin, so that a slot rests as long as possible.
  private let nextSlot = Atomic<Int>(0)
  private let tables: TableNumbers

  /// Makes one for a ring: a second one at the same time would claim the same positions. One that takes the place of a
  /// producer that was killed is made after `Ring.resume`.
  package init(_ ring: Ring) {
    self.ring = ring
    tables = TableNumbers(producer: ring.workerDeath?.count ?? 0)
  }

  /// The descriptor that becomes readable when a slot came back after `tryClaim` found none, or after a request.
  package var controlDescriptor: Int32 { ring.controlDescriptor }

  /// Forgets past signals; call it before looking at requests and slots again.
  package func drainControl() { ring.drainControl() }

  /// Wakes whoever waits on `controlDescriptor`, from any thread of the producer's process.
  package func signalControl() { ring.memory.controlSignal.signal() }

  /// The epoch that the readers want next, at least: earlier ones are of no use to any of them. Nil: none has asked for
  /// one, or taken anything of one.
  package var requestedEpoch: Int? {
    ring.activeReaders.places.compactMap(ring.requestedEpoch).min()
  }

  /// Whether the consumer has asked the producer to stop.
  package var isStopRequested: Bool {
    ring.isStopRequested
  }

  /// Whether a reader is asleep or about to be, so that the next publication has to wake it.
  package var isConsumerWaiting: Bool { ring.isConsumerWaiting }

  /// Takes a free slot to write into; nil when all are in use, or nobody is there to read, and then the control
  /// descriptor will be signalled once that changes.
  ///
  /// - Parameter forWhoeverComes: also where nobody is there to read.
  package func tryClaim(forWhoeverComes: Bool = false) -> SlotClaim? {
    guard forWhoeverComes || ring.hasAudience else { return nil }
    if let claim = claimFreeSlot() { return claim }
    // SYNC(space): sequentially consistent: the flag is set, then the slots are looked at once more; Ring.free frees a
    // slot and then looks at the flag.
    let flag = unsafe ring.atomic32(RingLayout.producerWaitingOffset)
    unsafe flag.pointee.store(1, ordering: .sequentiallyConsistent)
    guard let claim = claimFreeSlot() else { return nil }
    unsafe flag.pointee.store(0, ordering: .relaxed)
    return claim
  }

  private func claimFreeSlot() -> SlotClaim? {
    let count = ring.geometry.slotCount
    let start = nextSlot.load(ordering: .relaxed)
    for step in 0..<count {
      let slot = (start + step) % count
      let word = unsafe ring.stamp(slot)
      let seen = SlotStamp(rawValue: unsafe word.pointee.load(ordering: .sequentiallyConsistent))
      guard seen.state == .free else { continue }
      // SYNC(release): acquires what Ring.free released: whoever had the slot has done with it.
      let (won, _) = unsafe word.pointee.compareExchange(
        expected: seen.rawValue, desired: seen.claimed.rawValue, ordering: .acquiring)
      if won {
        nextSlot.store((slot + 1) % count, ordering: .relaxed)
        return SlotClaim(ring: ring, slot: slot, tables: tables)
      }
    }
    return nil
  }
}
