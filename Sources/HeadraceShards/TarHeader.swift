/// One 512-byte header of a tar stream, as it stands: extension headers are not applied.
///
/// ```
///   0 name 100 │ 100 mode 8 │ 108 uid 8 │ 116 gid 8 │ 124 size 12 │ 136 mtime 12 │ 148 checksum 8 │ 156 type 1
/// 157 link 100 │ 257 magic 6 │ 263 version 2 │ 265 uname 32 │ 297 gname 32 │ 329 devices 16 │ 345 prefix 155
/// ```
/// Source: POSIX.1-2017, `pax`, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
struct TarHeader: Equatable {
  static let size = 512

  var name: String
  /// Bytes of data that follow; `Int.max` stands for all that is larger.
  var size: Int
  var type: UInt8

  /// What is wrong with a block that is no header.
  enum Fault: Error, Equatable {
    case checksum(stored: Int, computed: Int)
    case number(field: String)
    case negativeSize
  }

  /// Reads a block of 512 bytes.
  init(_ block: Span<UInt8>) throws(Fault) {
    precondition(block.count == Self.size, "a tar block has 512 bytes, not \(block.count)")
    var unsigned = 0
    var signed = 0
    for index in 0..<Self.size {
      // The checksum is computed as if its own field held blanks; old writers summed signed bytes.
      let byte = (148..<156).contains(index) ? UInt8(ascii: " ") : block[index]
      unsigned += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    guard let stored = tarNumber(block.extracting(148..<156)) else { throw .number(field: "checksum") }
    guard stored == unsigned || stored == signed else {
      throw .checksum(stored: stored, computed: unsigned)
    }
    guard let size = tarNumber(block.extracting(124..<136)) else { throw .number(field: "size") }
    guard size >= 0 else { throw .negativeSize }
    self.size = size
    type = block[156]
    name = tarString(block.extracting(0..<100))
    // "ustar", NUL is POSIX, which splits long names; "ustar", two blanks is GNU, which has other fields there.
    if tarString(block.extracting(257..<263)) == "ustar" {
      let prefix = tarString(block.extracting(345..<500))
      if !prefix.isEmpty { name = prefix + "/" + name }
    }
  }

  /// True for a block of zeros, two of which end an archive.
  static func isZero(_ block: Span<UInt8>) -> Bool {
    for index in 0..<block.count where block[index] != 0 { return false }
    return true
  }
}

/// The text up to the first NUL. Bytes that are not UTF-8 are replaced by U+FFFD.
func tarString(_ field: Span<UInt8>) -> String {
  var end = 0
  while end < field.count && field[end] != 0 { end += 1 }
  return unsafe field.extracting(0..<end).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
}

/// A number in octal digits, or base-256 if the first bit is set; nil if it is neither, 0 if the field is blank.
///
/// Numbers beyond `Int` are given as `Int.max` or `Int.min`. Source: GNU tar manual, "Extensions".
func tarNumber(_ field: Span<UInt8>) -> Int? {
  if field[0] & 0x80 != 0 {
    let isNegative = field[0] & 0x40 != 0
    var value = isNegative ? -1 : 0
    for index in 0..<field.count {
      let byte = index == 0 ? field[0] & 0x3F | (isNegative ? 0xC0 : 0) : field[index]
      // Whatever would be shifted out must repeat the sign.
      guard value >> 55 == (isNegative ? -1 : 0) else { return isNegative ? .min : .max }
      value = value << 8 | Int(byte)
    }
    return value
  }
  var index = 0
  while index < field.count && field[index] == UInt8(ascii: " ") { index += 1 }
  var value = 0
  while index < field.count, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(field[index]) {
    value = value << 3 | Int(field[index] - UInt8(ascii: "0"))
    index += 1
  }
  while index < field.count {
    guard field[index] == 0 || field[index] == UInt8(ascii: " ") else { return nil }
    // What follows a NUL is not part of the number.
    if field[index] == 0 { break }
    index += 1
  }
  return value
}
