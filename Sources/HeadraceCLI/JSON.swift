import FoundationEssentials

/// Output for programs: one object per line, keys in snake_case and in alphabetical order, numbers without exponents.
enum JSON {
  static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: withoutExponents(Array(try encoder.encode(value))), as: UTF8.self) + "\n"
  }

  /// Writes `8.68e-05` as `0.0000868`, for readers that take a number for digits and a point.
  private static func withoutExponents(_ json: [UInt8]) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(json.count)
    var rest = json[...]
    var isInString = false
    while let byte = rest.first {
      var token = rest.prefix(1)
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      // A backslash and what it escapes, such as a quotation mark, go together.
      if isInString, byte == UInt8(ascii: "\\") { token = rest.prefix(2) }
      if !isInString, isDigit(byte) { token = rest.prefix { isDigit($0) || "+-.e".utf8.contains($0) } }
      rest = rest.dropFirst(token.count)
      if isDigit(byte), token.contains(UInt8(ascii: "e")),
        let number = Decimal(string: String(decoding: token, as: UTF8.self))
      {
        plain += "\(number)".utf8
      } else {
        plain += token
      }
    }
    return plain
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
