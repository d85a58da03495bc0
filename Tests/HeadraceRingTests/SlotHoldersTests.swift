import Testing

@testable import HeadraceRing

@Suite struct SlotHoldersTests {
  /// Every stamp that two readers can bring about.
  private static let stamps: [SlotStamp] =
    [SlotStamp(.free, round: 3), SlotStamp(.claimed, round: 3)]
    + (1..<16).map {
      SlotStamp(.published, round: 3, wanted: ReaderSet(bits: $0 & 3), held: ReaderSet(bits: $0 >> 2))
    }

  @Test func readersAreStuckWhereAllSlotsAreHeldByThoseWhoWait() {
    var stuckCount = 0
    for first in Self.stamps {
      for second in Self.stamps {
        for waiting in UInt32(0)..<4 {
          for reader in 0..<2 {
            let holders = SlotHolders([first, second], waiting: ReaderSet(bits: waiting))
            var isStuck = true
            for stamp in [first, second] {
              // Somebody holds it, nobody is to take it.
              if stamp.held.isEmpty || !stamp.wanted.isEmpty { isStuck = false }
              for place in 0..<2 where place != reader && waiting >> place & 1 == 0 {
                // That one does something else, and gives it back then.
                if stamp.held.contains(place) { isStuck = false }
              }
            }
            #expect(holders.areStuck(for: reader) == isStuck, "\(first) \(second) \(waiting) \(reader)")
            if isStuck { stuckCount += 1 }
          }
        }
      }
    }
    // 3 ways to hold each of two slots, all of which are stuck where the other waits, which is so in half of the cases;
    // where it does not, only what the reader has by itself.
    #expect(stuckCount == 2 * (9 * 2 + 1 * 2))
  }

  @Test func aRingTellsWhoHasItsSlots() throws {
    let ring = try Ring.small(slots: 3, rows: 1, payload: 64, readers: 2, sharing: .broadcast)
    _ = ring.join(place: 1, processID: 2)
    let producer = RingProducer(ring)
    for number in 0..<3 {
      #expect(!SlotHolders(ring).areAll)
      try producer.publish(number)
    }
    var consumer = RingConsumer(ring, reader: 1)
    let batch = try consumer.take()
    let holders = SlotHolders(ring)
    #expect(holders.areAll && holders.holders == ReaderSet(1))
    #expect((0..<2).map(holders.heldCount) == [0, 1] && (0..<2).map(holders.wantedCount) == [3, 2])
    #expect(SlotHolders(ring).isAs(holders))
    withExtendedLifetime(batch) {}
    _ = try consumer.take()
    #expect(!SlotHolders(ring).isAs(holders))
  }
}
