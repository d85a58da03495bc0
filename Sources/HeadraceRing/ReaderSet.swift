/// Which readers of a ring, by the numbers of their places: a set of at most 24.
package struct ReaderSet: Hashable, Sendable {
  /// Bit n stands for place n.
  package var bits: UInt32

  /// The most readers that a ring can have: a stamp has two bits for each.
  package static let maximumCount = 24

  /// The places whose bits are set.
  package init(bits: UInt32 = 0) { self.bits = bits }

  /// One place.
  package init(_ place: Int) { bits = 1 << UInt32(place) }

  /// Nobody.
  package var isEmpty: Bool { bits == 0 }
  /// How many there are.
  package var count: Int { bits.nonzeroBitCount }
  /// The lowest place; nil if there is none.
  package var first: Int? { bits == 0 ? nil : bits.trailingZeroBitCount }

  /// Whether `place` is one of them.
  package func contains(_ place: Int) -> Bool { bits >> UInt32(place) & 1 != 0 }

  package func union(_ other: ReaderSet) -> ReaderSet { ReaderSet(bits: bits | other.bits) }
  package func intersection(_ other: ReaderSet) -> ReaderSet { ReaderSet(bits: bits & other.bits) }
  package func subtracting(_ other: ReaderSet) -> ReaderSet { ReaderSet(bits: bits & ~other.bits) }

  /// Whose turn is number `turn`, where they take turns in the order of their places; nil if there is nobody.
  ///
  /// - Complexity: O(readers).
  package func member(inTurn turn: Int) -> Int? {
    guard !isEmpty else { return nil }
    var rest = bits
    for _ in 0..<(turn % count) { rest &= rest - 1 }
    return rest.trailingZeroBitCount
  }

  /// The one that comes after `place`, the first after the last; nil if there is nobody.
  package func following(_ place: Int) -> Int? {
    let above = place >= 31 ? 0 : bits & ~((2 << UInt32(place)) - 1)
    return ReaderSet(bits: above).first ?? first
  }

  /// The places, ascending.
  package var places: [Int] { (0..<Self.maximumCount).filter(contains) }
}
