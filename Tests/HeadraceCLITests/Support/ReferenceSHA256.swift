/// SHA-256 as FIPS 180-4, section 6.2, writes it down: slow, and without the library that the command uses.
enum ReferenceSHA256 {
  static func hex(_ message: [UInt8]) -> String {
    var bytes = message + [0x80]
    bytes += [UInt8](repeating: 0, count: (120 - bytes.count % 64) % 64)
    let bits = UInt64(message.count) * 8
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
    var hash = initial
    for start in stride(from: 0, to: bytes.count, by: 64) { compress(bytes[start..<(start + 64)], into: &hash) }
    return hash.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private static func compress(_ block: ArraySlice<UInt8>, into hash: inout [UInt32]) {
    var words = [UInt32]()
    words.reserveCapacity(64)
    for start in stride(from: block.startIndex, to: block.endIndex, by: 4) {
      words.append(block[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) })
    }
    for t in 16..<64 {
      let (x, y) = (words[t - 2], words[t - 15])
      let s1 = rotate(x, 17) ^ rotate(x, 19) ^ x >> 10
      let s0 = rotate(y, 7) ^ rotate(y, 18) ^ y >> 3
      words.append(s1 &+ words[t - 7] &+ s0 &+ words[t - 16])
    }
    var v = hash
    for t in 0..<64 {
      let choice = v[4] & v[5] ^ ~v[4] & v[6]
      let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
      let s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
      let s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
      let t1 = v[7] &+ s1 &+ choice &+ constants[t] &+ words[t]
      v = [t1 &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
    }
    for i in 0..<8 { hash[i] &+= v[i] }
  }

  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

  private static let primes: [UInt64] = Array(
    (2...311).lazy.filter { candidate in !(2..<candidate).contains { candidate % $0 == 0 } }.map(UInt64.init).prefix(64)
  )

  /// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
  private static let initial: [UInt32] = primes.prefix(8).map { fraction(of: $0, power: 2) }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = primes.map { fraction(of: $0, power: 3) }

  /// Bits 1 to 32 after the point of the square or cube root of `prime`, by bisection in whole numbers.
  private static func fraction(of prime: UInt64, power: Int) -> UInt32 {
    let target = UInt128(prime) << UInt128(32 * power)
    var (low, high) = (UInt128(0), UInt128(prime) << 32)
    while high - low > 1 {
      let middle = (low + high) / 2
      let product = power == 2 ? middle * middle : middle * middle * middle
      if product <= target { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }
}
