import HeadraceCore
import Testing

@testable import HeadraceRing

/// Claims about every state that a small ring can be in.
@Suite struct RingLayoutTests {
  @Test func everyLayoutIsTheOneThatItsNameSays() throws {
    var count = 0
    try withEveryRingLayout { layout in
      count += 1
      let states = layout.ring.states
      #expect(states.count { $0 == .claimed } == layout.claims.count, "\(layout)")
      #expect(states.count { $0 == .published } == layout.waiting.count, "\(layout)")
      #expect(states.count { $0 == .leased } == layout.leases.count, "\(layout)")
      #expect(layout.ring.leasedSlotCount() == layout.leases.count, "\(layout)")
    }
    // Per ring: all states of the slots times orders of publishing, of returning, and places to start.
    #expect(count == 2 * 18 + 3 * 92 + 4 * 536)
  }

  @Test func takeOrderIsPublishedOrder() throws {
    try withEveryRingLayout { layout in
      let taken = try layout.consumer.takeNumbers()
      #expect(taken == layout.waiting, "\(layout)")
    }
  }

  @Test func theProducerGetsTheFreeSlotsAndNoOther() throws {
    try withEveryRingLayout { layout in
      let free = layout.ring.states.indices.filter { layout.ring.states[$0] == .free }
      let got = layout.producer.claimAll()
      for claim in got { claim.fill(with: 0xFF) }
      #expect(got.map(\.slot).sorted() == free, "\(layout)")
      // What was written there has touched no batch that is held or waits.
      try expectLeasesUntouched(layout)
      let taken = try layout.consumer.takeNumbers()
      #expect(taken == layout.waiting, "\(layout)")
    }
  }

  @Test func eachLeaseThatComesBackInAnyOrderFreesItsOwnSlot() throws {
    try withEveryRingLayout(leased: 1...4) { layout in
      var kept = layout.producer.claimAll()
      while !layout.leases.isEmpty {
        let before = layout.ring.states
        layout.leases.removeFirst()
        let changed = before.indices.filter { before[$0] != layout.ring.states[$0] }
        #expect(changed.count == 1 && before[changed[0]] == .leased, "\(layout)")
        let claim = try layout.producer.claim()
        #expect([claim.slot] == changed, "\(layout)")
        kept.append(claim)
        #expect(layout.producer.claimIfFree() == nil, "\(layout)")
        try expectLeasesUntouched(layout)
      }
    }
  }

  @Test func theLastLeaseToComeBackWakesAProducerThatFoundNoSlot() throws {
    try withEveryRingLayout(leased: 1...4) { layout in
      let kept = layout.producer.claimAll()
      layout.producer.drainControl()
      #expect(!layout.producer.controlIsSignalled, "\(layout)")
      layout.leases.removeFirst()
      #expect(layout.producer.controlIsSignalled, "\(layout)")
      withExtendedLifetime(kept) {}
    }
  }

  @Test func aBatchGoesRoundFromEveryLayoutWithAFreeSlot() throws {
    try withEveryRingLayout(slots: 2...3) { layout in
      guard layout.freeCount > 0 else { return }
      // Twice round the ring, whatever is held, waiting or claimed meanwhile.
      for _ in 0..<(2 * layout.ring.geometry.slotCount) {
        try layout.producer.publish(layout.nextNumber)
        layout.waiting.append(layout.nextNumber)
        layout.nextNumber += 1
        let taken = try layout.consumer.take().number
        let expected = layout.waiting.removeFirst()
        #expect(taken == expected, "\(layout)")
      }
      try expectLeasesUntouched(layout)
    }
  }

  @Test func anAbandonedClaimIsFreeAgainInEveryLayout() throws {
    try withEveryRingLayout(slots: 2...3) { layout in
      layout.claims = []
      #expect(layout.ring.states.count { $0 == .free } == layout.freeCount, "\(layout)")
      // An abandoned claim is no message.
      let taken = try layout.consumer.takeNumbers()
      #expect(taken == layout.waiting, "\(layout)")
    }
  }
}
