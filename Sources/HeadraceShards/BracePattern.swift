import HeadraceCore

/// Expands `train-{000000..000099}.tar` and `{a,b}/x.tar` into paths, as a shell does.
///
/// Ranges go up or down, may have a step (`{0..10..2}`), and are padded with zeros if either end is. Braces may be
/// nested and repeated; the last one varies fastest. A backslash takes the next character as it is. Source: GNU Bash
/// manual, "Brace Expansion".
struct BracePattern {
  /// More paths than this are a mistake in the pattern.
  static let limit = 10_000_000

  private let pattern: String
  private let characters: [Character]
  private var position = 0

  /// All paths that `pattern` stands for, in order; the pattern itself if it has no brace.
  ///
  /// - Throws: `invalidArgument` for a brace that is neither a range nor a list, or is not closed.
  static func expand(_ pattern: String) throws(HeadraceError) -> [String] {
    guard pattern.contains(where: { $0 == "{" || $0 == "}" || $0 == "\\" }) else { return [pattern] }
    var parser = BracePattern(pattern)
    return try parser.sequence(isNested: false)
  }

  private init(_ pattern: String) {
    self.pattern = pattern
    characters = Array(pattern)
  }

  /// Text and braces up to the end, or within a brace up to `,` or `}`, which stay.
  private mutating func sequence(isNested: Bool) throws(HeadraceError) -> [String] {
    var results = [""]
    while position < characters.count {
      let character = characters[position]
      if isNested && (character == "," || character == "}") { break }
      position += 1
      switch character {
      case "{": results = try product(results, try brace())
      case "}": throw mistake("a closing brace without an opening one")
      case "\\":
        guard position < characters.count else { throw mistake("a backslash at its end") }
        append(characters[position], to: &results)
        position += 1
      default: append(character, to: &results)
      }
    }
    return results
  }

  /// What follows an opening brace, up to and including the closing one.
  private mutating func brace() throws(HeadraceError) -> [String] {
    if let end = characters[position...].firstIndex(where: { "{},\\".contains($0) }), characters[end] == "}" {
      let range = try range(String(characters[position..<end]))
      position = end + 1
      return range
    }
    var choices: [String] = []
    while true {
      choices += try sequence(isNested: true)
      guard position < characters.count else { throw mistake("an opening brace without a closing one") }
      position += 1
      if characters[position - 1] == "}" { return choices }
    }
  }

  /// `000..099`, or `0..10..5`.
  private func range(_ text: String) throws(HeadraceError) -> [String] {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    // Split at single dots: `1..3` is "1", "", "3".
    guard parts.count == 3 || parts.count == 5, parts[1].isEmpty, parts.count == 3 || parts[3].isEmpty,
      let first = Self.number(parts[0]), let last = Self.number(parts[2]),
      let step = parts.count == 3 ? 1 : Self.number(parts[4]), step > 0
    else {
      throw mistake("{\(text)}, which is neither a range like {000..099} nor a list like {a,b}")
    }
    guard (max(first, last) - min(first, last)) / step < Self.limit else { throw tooMany() }
    let isPadded = [parts[0], parts[2]].contains { $0.count > 1 && $0.first == "0" }
    let width = isPadded ? max(parts[0].count, parts[2].count) : 0
    return stride(from: first, through: last, by: first <= last ? step : -step).map { number in
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
  }

  /// Up to 15 digits and nothing else, so that no sum overflows.
  private static func number(_ text: Substring) -> Int? {
    guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  private func append(_ character: Character, to results: inout [String]) {
    for index in results.indices { results[index].append(character) }
  }

  private func product(_ heads: [String], _ tails: [String]) throws(HeadraceError) -> [String] {
    guard heads.count * tails.count <= Self.limit else { throw tooMany() }
    var results: [String] = []
    results.reserveCapacity(heads.count * tails.count)
    for head in heads { for tail in tails { results.append(head + tail) } }
    return results
  }

  private func mistake(_ what: String) -> HeadraceError {
    HeadraceError(
      .invalidArgument, "The shard pattern \(pattern) has \(what); correct it, or write \\{ for a brace in a name.")
  }

  private func tooMany() -> HeadraceError {
    HeadraceError(
      .invalidArgument, "The shard pattern \(pattern) stands for more than \(Self.limit) paths; correct its ranges.")
  }
}
