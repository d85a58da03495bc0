/// Mending the checksums of tar headers.
///
/// Source: POSIX.1-2017, `pax`, "ustar Interchange Format".
public enum TarBlocks {
  /// The bytes with the checksum of each block that calls itself ustar computed anew; compressed ones as they are.
  ///
  /// - Complexity: O(bytes).
  public static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let magic = Array("ustar".utf8)
    for start in stride(from: 0, through: bytes.count - 512, by: 512)
    where bytes[(start + 257)..<(start + 262)].elementsEqual(magic) {
      let field = (start + 148)..<(start + 156)
      bytes.replaceSubrange(field, with: repeatElement(UInt8(ascii: " "), count: 8))
      let sum = bytes[start..<(start + 512)].reduce(0) { $0 + Int($1) }
      let digits = Array(String(sum, radix: 8).utf8)
      let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 6 - digits.count)
      bytes.replaceSubrange(field, with: zeros + digits + [0, UInt8(ascii: " ")])
    }
    return bytes
  }
}
