import FoundationEssentials

/// Values as text, for what one process tells another.
enum JSONText {
  /// - Throws: What the value's own `encode` throws.
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return Array(try encoder.encode(value))
  }

  /// - Throws: DecodingError; what the value's own `init(from:)` throws.
  static func decode<Value: Decodable>(_ type: Value.Type, from text: [UInt8]) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Data(text))
  }
}
