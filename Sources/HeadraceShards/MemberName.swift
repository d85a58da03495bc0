/// How WebDataset reads a member's name: the sample that it belongs to, and the field that it is.
///
/// The key is the path up to the first dot of its last component, folders included; the field is the rest, in
/// lower case: `a.b/0001.seg.PNG` is field `seg.png` of sample `a.b/0001`. Source: WebDataset's documentation,
/// "The WebDataset Format".
///
/// A leading `./` tells how tar was called (`tar -C folder .`), not what the file is: it is no part of the key.
struct MemberName: Equatable {
  var key: String
  var field: String

  /// Nil for names that are no field: without an extension, hidden, or metadata of the whole shard (`__meta__/a.json`).
  init?(_ name: String) {
    var bytes = name.utf8[...]
    while bytes.starts(with: "./".utf8) { bytes = bytes.dropFirst(2).drop { $0 == UInt8(ascii: "/") } }
    // Metadata: the first component is all between pairs of underscores.
    let top = bytes.prefix { $0 != UInt8(ascii: "/") }
    let marks = [UInt8](repeating: UInt8(ascii: "_"), count: 2)
    if top.count >= 4 && top.starts(with: marks) && top.suffix(2).elementsEqual(marks) { return nil }
    let base = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes.index(after: $0) } ?? bytes.startIndex
    guard let dot = bytes[base...].firstIndex(of: UInt8(ascii: ".")), dot > base else { return nil }
    let rest = bytes[bytes.index(after: dot)...]
    guard !rest.isEmpty else { return nil }
    key = String(bytes[..<dot])!
    let isLower = !rest.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    field = isLower ? String(rest)! : asciiLowercased(rest)
  }
}

/// `text` with A to Z in lower case and all else as it is.
func asciiLowercased(_ text: some Collection<UInt8>) -> String {
  let lowered = text.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  return String(decoding: lowered, as: UTF8.self)
}
