/// A number for a text that is the same in every process; Swift's own hash is another in each.
package enum StableHash {
  /// FNV-1a (Fowler, Noll, Vo), 32 bits: not for texts that somebody chooses to collide.
  ///
  /// - Parameter hash: of what comes before the text, if it is not the first.
  package static func of(_ text: String, after hash: UInt32 = 0x811C_9DC5) -> UInt32 {
    text.utf8.reduce(hash) { ($0 ^ UInt32($1)) &* prime }
  }

  /// The same for the eight bytes of a number, the lowest first.
  package static func of(_ number: UInt64, after hash: UInt32) -> UInt32 {
    (0..<8).reduce(hash) { ($0 ^ UInt32(number >> (8 * UInt64($1)) & 0xFF)) &* prime }
  }

  private static let prime: UInt32 = 0x0100_0193
}
