/// An entry of the order ring: which slot holds the message at a position, stamped with that position.
///
/// The stamp makes entries self-describing: the reader of position p finds either p's slot or an older entry, and needs
/// no second cursor to tell them apart. While all readers are equally far no unread entry is overwritten, since each
/// unread message holds a slot and there are as many entries as slots.
struct OrderEntry: Hashable, Sendable {
  let rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(position: UInt64, slot: Int) {
    // Plus one, so that the zero of fresh memory stands for no position.
    rawValue = (position + 1) << 16 | UInt64(slot)
  }

  /// The slot, if this is the entry of `position`.
  func slot(at position: UInt64) -> Int? {
    rawValue >> 16 == position + 1 ? Int(rawValue & 0xFFFF) : nil
  }

  /// Whether this is the entry of `position`, or of a later one that has taken its place.
  func isOfOrBeyond(_ position: UInt64) -> Bool { rawValue >> 16 > position }
}
