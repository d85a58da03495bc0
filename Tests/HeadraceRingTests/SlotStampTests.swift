import Testing

@testable import HeadraceRing

/// Every stamp of three readers, and every step from it.
@Suite struct SlotStampTests {
  private static let sets = (0..<UInt32(8)).map { ReaderSet(bits: $0) }
  private static let rounds: [UInt64] = [0, 1, 1 << 14 - 1]

  /// Each that can be: published is wanted or held, and no other is.
  private static var stamps: [SlotStamp] {
    rounds.flatMap { round in
      [SlotStamp(.free, round: round), SlotStamp(.claimed, round: round)]
        + sets.flatMap { wanted in
          sets.compactMap { held in
            wanted.isEmpty && held.isEmpty || !wanted.intersection(held).isEmpty
              ? nil : SlotStamp(.published, round: round, wanted: wanted, held: held)
          }
        }
    }
  }

  private func expectWhole(_ next: SlotStamp, from stamp: SlotStamp, wanted: ReaderSet, held: ReaderSet) {
    if wanted.isEmpty && held.isEmpty {
      #expect(next == SlotStamp(.free, round: (stamp.round + 1) % (1 << 14)))
    } else {
      #expect(next == SlotStamp(.published, round: stamp.round, wanted: wanted, held: held))
    }
  }

  @Test func theFourPartsOfAStampAreWhatWasPutIn() {
    let all = ReaderSet(bits: 1 << 24 - 1)
    for wanted in [ReaderSet(), ReaderSet(0), ReaderSet(23), all] {
      for held in [ReaderSet(), ReaderSet(0), ReaderSet(23), all] {
        for round in Self.rounds {
          for state in [SlotStamp.State.free, .claimed, .published] {
            let stamp = SlotStamp(state, round: round, wanted: wanted, held: held)
            #expect(stamp.state == state && stamp.round == round && stamp.wanted == wanted && stamp.held == held)
          }
        }
      }
    }
    #expect(Self.stamps.count == 3 * (2 + 26) && Set(Self.stamps).count == Self.stamps.count)
  }

  @Test func aReaderTakesWhatIsForItAndNothingElse() {
    for stamp in Self.stamps {
      for place in 0..<3 {
        let reader = ReaderSet(place)
        let mayTake = stamp.state == .published && stamp.wanted.contains(place)
        for isForOne in [false, true] {
          let next = stamp.taken(by: reader, isForOne: isForOne)
          #expect((next != nil) == mayTake)
          guard let next else { continue }
          let wanted = isForOne ? ReaderSet() : stamp.wanted.subtracting(reader)
          expectWhole(next, from: stamp, wanted: wanted, held: stamp.held.union(reader))
          #expect(next.putBack(by: reader)?.wanted == wanted.union(reader))
        }
      }
    }
  }

  @Test func theLastThatGivesBackFreesTheSlotAndNobodyGivesBackTwice() {
    for stamp in Self.stamps {
      for place in 0..<3 {
        let next = stamp.released(by: ReaderSet(place))
        #expect((next != nil) == (stamp.state == .published && stamp.held.contains(place)))
        guard let next else { continue }
        expectWhole(next, from: stamp, wanted: stamp.wanted, held: stamp.held.subtracting(ReaderSet(place)))
        #expect(next.released(by: ReaderSet(place)) == nil)
      }
    }
  }

  @Test func whoeverGoesIsTakenOutAndTheHeirGetsWhatNobodyElseWants() {
    for stamp in Self.stamps {
      for gone in Self.sets {
        for heir in [ReaderSet(), ReaderSet(0), ReaderSet(1), ReaderSet(2)] where heir.intersection(gone).isEmpty {
          for always in [false, true] {
            let next = stamp.withdrawn(from: gone, heir: heir, always: always)
            let isWanted = stamp.state == .published && !stamp.wanted.intersection(gone).isEmpty
            #expect((next != nil) == isWanted)
            guard let next else { continue }
            let rest = stamp.wanted.subtracting(gone)
            let inherits = always || rest.isEmpty
            expectWhole(
              next, from: stamp, wanted: inherits ? rest.union(heir.subtracting(stamp.held)) : rest, held: stamp.held)
            #expect(next.withdrawn(from: gone, heir: heir, always: always) == nil)
          }
        }
      }
    }
  }

  @Test func readersTakeTurnsInTheOrderOfTheirPlaces() {
    for set in (0..<UInt32(256)).map({ ReaderSet(bits: $0) }) {
      let places = set.places
      for turn in 0..<20 { #expect(set.member(inTurn: turn) == (places.isEmpty ? nil : places[turn % places.count])) }
      for place in 0..<24 { #expect(set.following(place) == places.first { $0 > place } ?? places.first) }
      #expect(set.count == places.count && set.first == places.first)
    }
    #expect(ReaderSet(bits: 1 << 23 | 1).following(23) == 0)
  }
}
