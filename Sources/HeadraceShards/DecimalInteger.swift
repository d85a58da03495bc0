/// A whole number in decimal digits, with blanks and line ends around it that do not count.
package enum DecimalInteger {
  /// What is wrong with a text, such as `"cat", not a whole number`.
  package struct Mistake: Error {
    package let message: String
  }

  /// The number in `bytes`, such as `12`, `-3` or `7\n`.
  package static func parse(_ bytes: [UInt8]) throws(Mistake) -> Int {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) }
    let digits = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    if let value = Int(String(decoding: digits, as: UTF8.self)) { return value }
    let sign = digits.first.map { "+-".utf8.contains($0) } ?? false
    let magnitude = digits.dropFirst(sign ? 1 : 0)
    let isWhole = !magnitude.isEmpty && magnitude.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let start = String(decoding: bytes.prefix(40), as: UTF8.self)
    let shown = start.debugDescription + (bytes.count > 40 ? " and so on, \(bytes.count) bytes in all" : "")
    throw Mistake(message: "\(shown), \(isWhole ? "out of the range of a 64-bit integer" : "not a whole number")")
  }
}
