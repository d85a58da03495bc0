/// The word that says everything about a slot: a state, how many times the slot has gone round, who is to have what
/// lies in it, and who has it.
///
/// ```
/// bits 0-1: state | 2-15: round | 16-39: wanted, a bit for each reader | 40-63: held, a bit for each reader
/// ```
///
/// One word, so that whoever is killed between any two instructions leaves a whole state: a slot is free as soon as
/// nobody wants and nobody holds it, by the same exchange that took the last bit away.
///
/// A stamp per slot, after D. Vyukov's bounded queue, instead of one watermark for all: leases come back in any order,
/// and a batch that is held for ever costs one slot and blocks no other.
struct SlotStamp: Hashable, Sendable {
  enum State: UInt64 {
    /// Nobody's; the producer may claim it.
    case free = 0
    /// The producer writes into it.
    case claimed = 1
    /// Written, and wanted or held by a reader at least.
    case published = 2
  }

  let rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(_ state: State, round: UInt64, wanted: ReaderSet = ReaderSet(), held: ReaderSet = ReaderSet()) {
    rawValue =
      UInt64(held.bits) << 40 | UInt64(wanted.bits) << 16 | (round & Self.roundMask) << 2 | state.rawValue
  }

  private static let roundMask: UInt64 = 1 << 14 - 1
  private static let readerMask: UInt64 = 1 << 24 - 1

  /// Nil for a number that nobody writes.
  var state: State? { State(rawValue: rawValue & 3) }

  /// How often the slot has become free again, the low 14 bits.
  var round: UInt64 { rawValue >> 2 & Self.roundMask }

  /// Readers that are to have what lies in it, and have not taken it.
  var wanted: ReaderSet { ReaderSet(bits: UInt32(rawValue >> 16 & Self.readerMask)) }

  /// Readers that have taken it, and not given it back.
  var held: ReaderSet { ReaderSet(bits: UInt32(rawValue >> 40)) }

  /// Free, one round later.
  var recycled: SlotStamp { SlotStamp(.free, round: round + 1) }

  /// The producer has it.
  var claimed: SlotStamp { SlotStamp(.claimed, round: round) }

  /// Written, for these.
  func published(for audience: ReaderSet) -> SlotStamp { SlotStamp(.published, round: round, wanted: audience) }

  /// The reader has taken it; nil if that is not for it to take.
  ///
  /// - Parameter isForOne: nobody else is to have it then.
  func taken(by reader: ReaderSet, isForOne: Bool) -> SlotStamp? {
    guard state == .published, !wanted.intersection(reader).isEmpty else { return nil }
    return with(wanted: isForOne ? ReaderSet() : wanted.subtracting(reader), held: held.union(reader))
  }

  /// The reader has given it back; nil if it had not got it.
  func released(by reader: ReaderSet) -> SlotStamp? {
    guard state == .published, !held.intersection(reader).isEmpty else { return nil }
    return with(wanted: wanted, held: held.subtracting(reader))
  }

  /// The reader has put it back, and is to have it later.
  func putBack(by reader: ReaderSet) -> SlotStamp? {
    guard state == .published, !held.intersection(reader).isEmpty else { return nil }
    return with(wanted: wanted.union(reader), held: held.subtracting(reader))
  }

  /// These readers are to have it no more; nil if nothing changes.
  ///
  /// - Parameters:
  ///   - heir: who is to have it instead.
  ///   - always: the heir is to have it also where others want it.
  func withdrawn(from gone: ReaderSet, heir: ReaderSet = ReaderSet(), always: Bool = false) -> SlotStamp? {
    guard state == .published, !wanted.intersection(gone).isEmpty else { return nil }
    let rest = wanted.subtracting(gone)
    let inherits = always || rest.isEmpty
    // Who holds it has it already.
    return with(wanted: inherits ? rest.union(heir.subtracting(held)) : rest, held: held)
  }

  private func with(wanted: ReaderSet, held: ReaderSet) -> SlotStamp {
    if wanted.isEmpty && held.isEmpty { return recycled }
    return SlotStamp(.published, round: round, wanted: wanted, held: held)
  }
}
