@testable import HeadraceShards

/// Builds tar streams in memory, whole ones and odd ones.
struct Archive {
  var bytes: [UInt8] = []

  /// Two samples of two fields, sizes around a block.
  static var small: Archive {
    var archive = Archive()
    archive.add("0001.png", Array(repeating: 7, count: 513))
    archive.add("0001.cls", Array("3".utf8))
    archive.add("0002.png", [])
    archive.add("0002.cls", Array("12\n".utf8))
    archive.end()
    return archive
  }

  mutating func add(_ name: String, _ data: [UInt8]) {
    TarHeader.appendFile(name: name, size: data.count, to: &bytes)
    bytes += data
    TarHeader.appendPadding(after: data.count, to: &bytes)
  }

  /// Adds a header of any type and what follows it; `change` alters the block before its checksum is made.
  mutating func add(
    _ name: String, type: Character, data: [UInt8] = [], change: (inout [UInt8]) -> Void = { _ in }
  ) {
    var block: [UInt8] = []
    TarHeader.appendFile(name: name, size: data.count, to: &block)
    block[156] = type.asciiValue ?? 0
    change(&block)
    bytes += Archive.withChecksum(block)
    bytes += data
    TarHeader.appendPadding(after: data.count, to: &bytes)
  }

  mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

  /// The block with its checksum computed anew, of unsigned or of signed bytes.
  static func withChecksum(_ block: [UInt8], signed: Bool = false) -> [UInt8] {
    var block = block
    block.replaceSubrange(148..<156, with: repeatElement(UInt8(ascii: " "), count: 8))
    let sum = block.reduce(0) { $0 + (signed ? Int(Int8(bitPattern: $1)) : Int($1)) }
    let digits = String(sum, radix: 8)
    let text = String(repeating: "0", count: 6 - digits.utf8.count) + digits
    block.replaceSubrange(148..<156, with: Array(text.utf8) + [0, UInt8(ascii: " ")])
    return block
  }
}
