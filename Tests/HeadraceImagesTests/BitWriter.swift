/// Writes the bits of deflate blocks. RFC 1951, section 3.1.1.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var bitCount = 0

  /// A number, lowest bit first.
  mutating func put(_ value: Int, _ count: Int) {
    for bit in 0..<count {
      if bitCount % 8 == 0 { bytes.append(0) }
      bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << (bitCount % 8)
      bitCount += 1
    }
  }

  /// A Huffman code, highest bit first.
  mutating func putCode(_ code: Int, _ count: Int) {
    for bit in (0..<count).reversed() { put(code >> bit & 1, 1) }
  }

  /// To the next byte.
  mutating func align() { put(0, (8 - bitCount % 8) % 8) }

  // MARK: In blocks of fixed codes. Section 3.2.6.

  mutating func putFixedLiteral(_ byte: Int) {
    if byte < 144 { putCode(0b0011_0000 + byte, 8) } else { putCode(0b1_1001_0000 + byte - 144, 9) }
  }

  /// A copy of 3 to 258 bytes from 1 to 32,768 bytes before.
  mutating func putFixedMatch(length: Int, distance: Int) {
    // Four symbols for each power of two, but for the last length; two for the distances. Section 3.2.5.
    var symbol = 285
    var (extra, rest) = (0, 0)
    if length < 258 {
      (symbol, extra, rest) = Self.coded(length - 3, perPower: 4)
      symbol += 257
    }
    if symbol < 280 { putCode(symbol - 256, 7) } else { putCode(0b1100_0000 + symbol - 280, 8) }
    put(rest, extra)
    (symbol, extra, rest) = Self.coded(distance - 1, perPower: 2)
    putCode(symbol, 5)
    put(rest, extra)
  }

  /// The symbol of a number, its extra bits, and what stands in them, where so many symbols share each power of two.
  private static func coded(_ number: Int, perPower: Int) -> (symbol: Int, extra: Int, rest: Int) {
    guard number >= 2 * perPower else { return (number, 0, 0) }
    let extra = (number / perPower).bitWidth - (number / perPower).leadingZeroBitCount - 1
    return (extra * perPower + (number >> extra), extra, number & ((1 << extra) - 1))
  }
}
