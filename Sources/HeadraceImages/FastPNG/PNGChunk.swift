import CDeflate

/// One chunk of a PNG file: length, type, data and checksum. https://www.w3.org/TR/png-3/#5Chunk-layout
struct PNGChunk {
  /// The four letters of a type, the first in the high byte.
  struct Kind: Hashable {
    var code: UInt32

    static let palette = Kind(code: 0x504c_5445)  // PLTE
    static let transparency = Kind(code: 0x7452_4e53)  // tRNS
    static let data = Kind(code: 0x4944_4154)  // IDAT
    static let exif = Kind(code: 0x6558_4966)  // eXIf
    static let end = Kind(code: 0x4945_4e44)  // IEND

    /// Whether a decoder may ignore the chunk: bit 5 of the first letter.
    /// https://www.w3.org/TR/png-3/#5Chunk-naming-conventions
    var isAncillary: Bool { code & 0x2000_0000 != 0 }

    /// Whether all four bytes are ASCII letters.
    var isWord: Bool {
      (0..<4).allSatisfy { i in
        let lowercase = UInt8(truncatingIfNeeded: code >> (8 * UInt32(i))) | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercase)
      }
    }
  }

  let kind: Kind
  /// Where its data lies in the file.
  let data: Range<Int>

  /// Where the next chunk begins.
  var end: Int { data.upperBound + 4 }

  /// Reads length and type at `start`; nil where the file ends before the chunk does, or there is no type.
  init?(_ bytes: Span<UInt8>, at start: Int) {
    guard bytes.count - start >= 12 else { return nil }
    let count = Int(Self.number(bytes, at: start))
    kind = Kind(code: Self.number(bytes, at: start + 4))
    guard count <= bytes.count - start - 12, count <= Int(Int32.max), kind.isWord else { return nil }
    data = (start + 8)..<(start + 8 + count)
  }

  /// Whether the checksum is that of type and data. https://www.w3.org/TR/png-3/#5CRC-algorithm
  ///
  /// - Complexity: O(bytes of the data).
  func isIntact(in bytes: Span<UInt8>) -> Bool {
    let sum = unsafe bytes.extracting((data.lowerBound - 4)..<data.upperBound).withUnsafeBytes { bytes in
      unsafe libdeflate_crc32(0, bytes.baseAddress, bytes.count)
    }
    return sum == Self.number(bytes, at: data.upperBound)
  }

  private static func number(_ bytes: Span<UInt8>, at start: Int) -> UInt32 {
    UInt32(bytes[start]) << 24 | UInt32(bytes[start + 1]) << 16 | UInt32(bytes[start + 2]) << 8
      | UInt32(bytes[start + 3])
  }
}
