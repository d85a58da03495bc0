/// A number for a text that is the same in every process; Swift's own hash is another in each.
package enum StableHash {
  /// FNV-1a (Fowler, Noll, Vo), 32 bits: not for texts that somebody chooses to collide.
  package static func of(_ text: String) -> UInt32 {
    text.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}
