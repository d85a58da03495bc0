import HeadraceSystem

/// The `key value` lines that a fixture has printed, and how it ended.
struct FixtureOutput {
  let text: String
  var status: ExitStatus?
  /// When no process had the output open any more, on the monotonic clock.
  var endedAt: UInt64 = 0

  init(_ bytes: [UInt8]) {
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// The values of all whole lines that begin with `key`, in order.
  func values(_ key: String) -> [String] {
    let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
    return whole.split(separator: "\n").compactMap { line in
      guard line.hasPrefix(key + " ") else { return nil }
      return String(line.dropFirst(key.utf8.count + 1))
    }
  }

  /// The value of the only line that begins with `key`; otherwise all of them, which no expectation equals.
  subscript(key: String) -> String {
    let values = values(key)
    return values.count == 1 ? values[0] : "\(values.count) lines: \(values)"
  }

  func number(_ key: String) -> Double { Double(self[key]) ?? .nan }
}
