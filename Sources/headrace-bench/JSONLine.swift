/// One JSON object on one line, keys in the order in which they were added.
struct JSONLine: CustomStringConvertible {
  private var fields: [String] = []

  mutating func add(_ key: String, _ value: String) {
    fields.append("\(Self.quoted(key)):\(Self.quoted(value))")
  }

  mutating func add(_ key: String, _ value: Int) {
    fields.append("\(Self.quoted(key)):\(value)")
  }

  mutating func add(_ key: String, _ value: Bool) {
    fields.append("\(Self.quoted(key)):\(value)")
  }

  mutating func add(_ key: String, _ values: [Int]) {
    fields.append("\(Self.quoted(key)):[\(values.map(String.init).joined(separator: ","))]")
  }

  /// A number with `places` decimal places at most; null for nil and for what JSON cannot say.
  mutating func add(_ key: String, _ value: Double?, places: Int) {
    guard let value, value.isFinite else {
      fields.append("\(Self.quoted(key)):null")
      return
    }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    // Dividing by an exact power of ten gives the nearest double, whose shortest text has no further digits.
    fields.append("\(Self.quoted(key)):\((value * scale).rounded() / scale)")
  }

  var description: String { "{\(fields.joined(separator: ","))}" }

  /// See RFC 8259, section 7.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
