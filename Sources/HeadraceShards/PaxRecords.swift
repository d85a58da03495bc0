/// What a pax extended header says about the next member, of all that it may say.
///
/// The data are records `length key=value\n`, where the length counts the whole record in decimal digits.
/// Source: POSIX.1-2017, `pax`, "pax Extended Header".
struct PaxRecords: Equatable {
  var path: String?
  var size: Int?
  /// A `GNU.sparse` record, which makes the data something else than the file's contents.
  var isSparse = false

  struct Malformed: Error, Equatable {}

  init() {}

  /// Reads the data of an extended header.
  init(_ data: Span<UInt8>) throws(Malformed) {
    var start = 0
    while start < data.count {
      var index = start
      var length = 0
      while index < data.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(data[index]) {
        length = length * 10 + Int(data[index] - UInt8(ascii: "0"))
        guard length <= data.count - start else { throw Malformed() }
        index += 1
      }
      let end = start + length
      guard index < end - 1, data[index] == UInt8(ascii: " "), data[end - 1] == UInt8(ascii: "\n") else {
        // NUL bytes after the last record are padding that some writers count as data.
        if length == 0 && TarHeader.isZero(data.extracting(start...)) { return }
        throw Malformed()
      }
      var equals = index + 1
      while equals < end && data[equals] != UInt8(ascii: "=") { equals += 1 }
      guard equals < end else { throw Malformed() }
      try apply(
        tarString(data.extracting(index + 1..<equals)), tarString(data.extracting(equals + 1..<end - 1)))
      start = end
    }
  }

  /// An empty value takes back what a global header said.
  private mutating func apply(_ key: String, _ value: String) throws(Malformed) {
    switch key {
    case "path": path = value
    case "size":
      guard let number = Int(value), number >= 0 else {
        if !value.isEmpty && value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
          size = .max
          return
        }
        if value.isEmpty { return }
        throw Malformed()
      }
      size = number
    default:
      if key.hasPrefix("GNU.sparse.") { isSparse = true }
    }
  }

  /// These records where they speak, `other` elsewhere.
  func over(_ other: PaxRecords) -> PaxRecords {
    var result = other
    if let path { result.path = path }
    if let size { result.size = size }
    result.isSparse = isSparse || other.isSparse
    return result
  }
}
