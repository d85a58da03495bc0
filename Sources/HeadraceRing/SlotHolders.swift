/// Who has the slots of a ring at one moment.
package struct SlotHolders: Sendable {
  private let stamps: [SlotStamp]
  /// Readers that are asleep until there is something for them, or about to be.
  private let waiting: ReaderSet

  init(_ stamps: [SlotStamp], waiting: ReaderSet) {
    self.stamps = stamps
    self.waiting = waiting
  }

  /// Those of `ring`, now.
  package init(_ ring: Ring) {
    self.init(
      (0..<ring.geometry.slotCount).map { slot in
        SlotStamp(rawValue: unsafe ring.stamp(slot).pointee.load(ordering: .acquiring))
      },
      waiting: ReaderSet(bits: (0..<ring.geometry.readerCount).reduce(0) { $0 | (ring.isWaiting($1) ? 1 << $1 : 0) }))
  }

  /// Whether readers have all of them: none is free, and none is being written.
  package var areAll: Bool { stamps.allSatisfy { $0.state == .published } }

  /// Readers that hold one at least.
  package var holders: ReaderSet { ReaderSet(bits: stamps.reduce(0) { $0 | $1.held.bits }) }

  /// Slots that a reader holds.
  package func heldCount(_ place: Int) -> Int { stamps.count { $0.held.contains(place) } }

  /// Slots of which a reader has not taken yet what is for it.
  package func wantedCount(_ place: Int) -> Int { stamps.count { $0.wanted.contains(place) } }

  /// Whether nothing can come to a reader that is about to wait, unless somebody gives back a batch who waits too: all
  /// slots are held, nobody is to take one, and each that holds one waits.
  package func areStuck(for reader: Int) -> Bool {
    stamps.allSatisfy { $0.state == .published && $0.wanted.isEmpty }
      && holders.subtracting(waiting.union(ReaderSet(reader))).isEmpty
  }

  /// Whether no slot has changed hands since.
  package func isAs(_ earlier: SlotHolders) -> Bool { stamps == earlier.stamps }
}
