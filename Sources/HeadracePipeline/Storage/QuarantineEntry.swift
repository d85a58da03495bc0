import HeadraceCore
import HeadraceSystem

/// What a quarantine says of a sample that failed: `sample.error.json`, one line.
///
/// Every key is always there, in alphabetical order; what is not known is null. Format: docs/formats/quarantine.md.
struct QuarantineEntry: Sendable {
  /// The file's name, and what names of all files of an entry begin with.
  static let fileName = stem + extensionName
  private static let stem = "sample."
  private static let extensionName = "error.json"

  var failure: SampleFailure
  var time: WallTime
  var process: ProcessIdentity
  /// Names of the sample's files.
  var files: [String] = []
  /// Why there are none.
  var filesProblem: String?

  /// The line, with its end.
  var json: String {
    let error = failure.error
    let pairs = [
      ("cause", Self.text(error.cause)), ("code", Self.text("\(error.code)")), ("epoch", "\(failure.epoch)"),
      ("files", "[\(files.map { Self.text($0) }.joined(separator: ","))]"), ("files_problem", Self.text(filesProblem)),
      ("key", Self.text(error.sample?.key)), ("message", Self.text(error.message)),
      ("offset", error.sample?.offset.map { "\($0)" } ?? "null"), ("path", Self.text(error.sample?.path)),
      ("position", "\(failure.position)"), ("process", "\(process)"), ("stage", Self.text(error.stage)),
      ("time", Self.text("\(time)")),
    ]
    return "{\(pairs.map { "\"\($0)\":\($1)" }.joined(separator: ","))}\n"
  }

  /// What a file is called that holds field `name` of the sample; nil for the error of an earlier failure, which a
  /// sample has that comes out of a quarantine.
  ///
  /// Bytes that no name of a file can have, and the percent sign, are written as in an address: `%2F`.
  static func fileName(of name: String) -> String? {
    guard name != extensionName else { return nil }
    var bytes = Array(stem.utf8)
    for byte in name.utf8 {
      if [0, UInt8(ascii: "/"), UInt8(ascii: "%")].contains(byte) {
        let digits = String(byte, radix: 16, uppercase: true)
        bytes += "%\(digits.utf8.count < 2 ? "0" : "")\(digits)".utf8
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A text as JSON has it. Source: RFC 8259, section 7.
  private static func text(_ text: String?) -> String {
    guard let text else { return "null" }
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\n": json += "\\n"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        json += "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)"
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }
}
