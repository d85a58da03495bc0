import HeadraceCore

extension TarHeader {
  /// Appends all that stands before a file's data: one ustar header, and a pax header if it cannot say everything.
  ///
  /// The same name and size give the same bytes: time, user and group are 0, the mode is 0644.
  static func appendFile(name: String, size: Int, to output: inout [UInt8]) {
    var records: [UInt8] = []
    let split = split(name)
    if split == nil { records += paxRecord("path", name) }
    if size > maximalSize { records += paxRecord("size", String(size)) }
    if !records.isEmpty {
      append(name: "pax_header", prefix: "", size: records.count, type: "x", to: &output)
      output += records
      appendPadding(after: records.count, to: &output)
    }
    // With a pax header these are for readers that do not know it.
    let (prefix, short) = split ?? ("", cut(name))
    append(name: short, prefix: prefix, size: min(size, maximalSize), type: "0", to: &output)
  }

  /// Appends zeros from data of `size` bytes up to the next block.
  static func appendPadding(after size: Int, to output: inout [UInt8]) {
    output.append(contentsOf: repeatElement(0, count: (Self.size - size % Self.size) % Self.size))
  }

  /// Eleven octal digits.
  private static var maximalSize: Int { 0o777_7777_7777 }

  /// The name as ustar stores it, in two parts with a slash between; nil if it does not fit.
  private static func split(_ name: String) -> (prefix: String, name: String)? {
    let bytes = Array(name.utf8)
    guard bytes.count > 100 else { return ("", name) }
    // The last slash that leaves at most 155 bytes before and 1 to 100 behind it.
    for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "/") {
      let behind = bytes.count - index - 1
      if behind > 100 { return nil }
      if behind > 0 && index > 0 && index <= 155 {
        return (
          String(decoding: bytes[..<index], as: UTF8.self), String(decoding: bytes[(index + 1)...], as: UTF8.self)
        )
      }
    }
    return nil
  }

  /// As much of the name as fits whole characters into 100 bytes.
  private static func cut(_ name: String) -> String {
    var result = ""
    for character in name.unicodeScalars where result.utf8.count + UTF8.width(character) <= 100 {
      result.unicodeScalars.append(character)
    }
    return result
  }

  /// `length key=value\n`, where the length counts its own digits.
  private static func paxRecord(_ key: String, _ value: String) -> [UInt8] {
    let rest = key.utf8.count + value.utf8.count + 3
    var length = rest + String(rest).utf8.count
    if String(length).utf8.count > String(rest).utf8.count { length += 1 }
    return Array("\(length) \(key)=\(value)\n".utf8)
  }

  private static func append(
    name: String, prefix: String, size: Int, type: Unicode.Scalar, to output: inout [UInt8]
  ) {
    var block = [UInt8](repeating: 0, count: Self.size)
    func put(_ text: String, at offset: Int) {
      var index = offset
      for byte in text.utf8 {
        block[index] = byte
        index += 1
      }
    }
    func octal(_ value: Int, digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    put(name, at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(size, digits: 11), at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)
    block[156] = UInt8(type.value)
    put("ustar", at: 257)
    put("00", at: 263)
    put(prefix, at: 345)
    let sum = block.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6), at: 148)
    block[154] = 0
    output += block
  }
}
