/// The word that says whose turn a slot is: a state, and how many times the slot has gone round.
///
/// A stamp per slot, after D. Vyukov's bounded queue, instead of one watermark for all: leases come back in any order,
/// and a batch that is held for ever costs one slot and blocks no other.
struct SlotStamp: Hashable, Sendable {
  enum State: UInt64 {
    /// Nobody's; the producer may claim it.
    case free = 0
    /// The producer writes into it.
    case claimed = 1
    /// Written; the next thing that happens to it is a lease.
    case published = 2
    /// The consumer reads it.
    case leased = 3
  }

  let rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(_ state: State, round: UInt64) {
    rawValue = round << 2 | state.rawValue
  }

  var state: State {
    // Two bits, four cases: the fallback is never reached.
    State(rawValue: rawValue & 3) ?? .free
  }

  var round: UInt64 { rawValue >> 2 }

  /// The same round in another state.
  func with(_ state: State) -> SlotStamp { SlotStamp(state, round: round) }

  /// Free again, one round later.
  var recycled: SlotStamp { SlotStamp(.free, round: round + 1) }
}
