/// The newest lines that a process has said: a pure value.
///
/// Frames of a stack are left out, which the Swift runtime of a debug build adds to why it ends a program: what counts
/// is the line before them.
struct LastLines {
  private(set) var lines: [String] = []

  private static let count = 10

  mutating func add(_ line: String) {
    guard !Self.isOfStackTrace(line) else { return }
    if lines.count == Self.count { lines.removeFirst() }
    lines.append(line)
  }

  /// Whether it is `Current stack trace:`, or a number, a name and an address.
  private static func isOfStackTrace(_ line: String) -> Bool {
    if line == "Current stack trace:" { return true }
    let words = line.split(separator: " ")
    guard let number = words.first, number.allSatisfy(\.isNumber) else { return false }
    return words.contains { $0.hasPrefix("0x") }
  }
}
