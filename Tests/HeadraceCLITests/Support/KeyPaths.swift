import Foundation

/// Keys of JSON objects as paths, `stages[].name`: those that a page documents, and those that an object has.
enum KeyPaths {
  /// All keys of a JSON object on one line.
  static func of(_ text: String) throws -> Set<String> {
    guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { return [] }
    return keys(of: object, prefix: "")
  }

  private static func keys(of object: [String: Any], prefix: String) -> Set<String> {
    var found: Set<String> = []
    for (key, value) in object {
      // An empty list may be one of anything.
      guard let list = value as? [[String: Any]], !list.isEmpty else {
        found.insert(prefix + key)
        continue
      }
      found.insert("\(prefix)\(key)[]")
      for element in list { found.formUnion(keys(of: element, prefix: "\(prefix)\(key)[].")) }
    }
    return found
  }

  /// The keys of `headrace run` in the tables of docs/cli.md.
  static func documentedForRun() throws -> Set<String> {
    let page = try Self.page()
    var found: Set<String> = []
    for cells in rows(of: page, under: "| key | unit | meaning |") {
      for key in words(in: cells[0]) {
        found.insert(key)
        // The parts of an object are listed in the text beside it, or below.
        if key.hasSuffix("[]") { found.formUnion(words(in: cells[2]).map { "\(key).\($0)" }) }
      }
    }
    for cells in rows(of: page, under: "| key of a stage | unit | meaning |") {
      found.formUnion(words(in: cells[0]).map { "stages[].\($0)" })
    }
    return found
  }

  /// Where keys come, as docs/cli.md says it: in the object of a run, of one that serves readers, and of a reader.
  static func presence() throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    for cells in rows(of: try page(), under: "| key | `run` | `run --readers` | `attach` | why |") {
      let texts = cells[1...3].map { $0.trimmingCharacters(in: .whitespaces) }
      for key in words(in: cells[0]) { found[key.replacing("[]", with: "")] = texts }
    }
    return found
  }

  /// The keys of `headrace inspect` for a `kind`, a shard or a folder: `fields[]` (`name`, `samples`).
  static func documentedForInspect(_ kind: String) throws -> Set<String> {
    let page = try Self.page()
    guard let start = page.range(of: "Keys for a \(kind): ") else { return [] }
    let text = page[start.upperBound...].prefix { $0 != "." }
    var found: Set<String> = []
    for match in text.matches(of: /`([a-z_]+(?:\[\])?)`(?: \(((?:`[a-z_]+`,?\s*)+)\))?/) {
      found.insert(String(match.1))
      if let parts = match.2 { found.formUnion(words(in: String(parts)).map { "\(match.1).\($0)" }) }
    }
    return found
  }

  static func page() throws -> String {
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    return try String(contentsOf: root.appendingPathComponent("docs/cli.md"), encoding: .utf8)
  }

  private static func rows(of page: String, under heading: String) -> [[String]] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(of: heading) else { return [] }
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().split(separator: "|").map(String.init)
    }
  }

  /// What stands between backticks.
  private static func words(in text: String) -> [String] {
    text.matches(of: /`([^`]+)`/).map { String($0.1) }
  }
}
