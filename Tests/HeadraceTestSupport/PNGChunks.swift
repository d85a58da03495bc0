/// Taking PNG files apart and putting them together again, with checksums that are right or wrong on purpose.
public enum PNGChunks {
  /// Where each chunk's data begins and how long it is, with its type, as far as the file is whole.
  public static func ranges(of file: [UInt8]) -> [(type: String, data: Range<Int>)] {
    var result: [(type: String, data: Range<Int>)] = []
    var at = 8
    while at + 12 <= file.count, result.last?.type != "IEND" {
      let count = file[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard at + 12 + count <= file.count else { break }
      result.append((String(decoding: file[(at + 4)..<(at + 8)], as: UTF8.self), (at + 8)..<(at + 8 + count)))
      at += 12 + count
    }
    return result
  }

  /// Sets the checksum of the chunk with that data to what it should be.
  public static func repair(_ file: inout [UInt8], _ data: Range<Int>) {
    let crc = checksum(file[(data.lowerBound - 4)..<data.upperBound])
    for i in 0..<4 { file[data.upperBound + i] = UInt8(truncatingIfNeeded: crc >> (24 - 8 * UInt32(i))) }
  }

  /// The file with the checksums of all its chunks as they should be.
  public static func repaired(_ file: [UInt8]) -> [UInt8] {
    var file = file
    for chunk in ranges(of: file) { repair(&file, chunk.data) }
    return file
  }

  /// A file with one more chunk in front of its IDAT chunks.
  public static func inserting(_ type: String, _ data: [UInt8], into file: [UInt8]) -> [UInt8] {
    let at = ranges(of: file).first { $0.type == "IDAT" }!.data.lowerBound - 8
    return file[..<at] + chunk(type, data) + file[at...]
  }

  /// A chunk with its checksum.
  public static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    var chunk = bytes(UInt32(data.count)) + Array(type.utf8) + data + [0, 0, 0, 0]
    repair(&chunk, 8..<(8 + data.count))
    return chunk
  }

  /// A file with the signature and IHDR of another.
  public static func replacingHeader(of file: [UInt8], by other: [UInt8]) -> [UInt8] {
    Array(other[..<33] + file[33...])
  }

  /// The start of a file that announces an image of that size.
  public static func header(width: UInt32, height: UInt32, depth: UInt8 = 8, color: UInt8 = 2) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
    file += bytes(width) + bytes(height) + [depth, color, 0, 0, 0] + [0, 0, 0, 0]
    repair(&file, 16..<29)
    return file
  }

  /// Big-endian, as all numbers of a PNG file.
  public static func bytes(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return ~crc
  }
}
