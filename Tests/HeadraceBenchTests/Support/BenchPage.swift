import Foundation

/// What docs/bench.md says.
enum BenchPage {
  /// The keys of each kind of line, by its value of `bench`.
  ///
  /// They stand in tables whose first heading begins with "key"; the row of the key `bench` names the kinds of line
  /// that the table is for.
  static func keys() throws -> [String: Set<String>] {
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let page = try String(contentsOf: root.appendingPathComponent("docs/bench.md"), encoding: .utf8)
    var found: [String: Set<String>] = [:]
    for table in tables(of: page) where table[0][0].hasPrefix("key") {
      let keys = Set(table.dropFirst().flatMap { words(in: $0[0]) })
      guard let row = table.first(where: { words(in: $0[0]).contains("bench") }) else { continue }
      for kind in words(in: row[1]) { found[kind] = keys }
    }
    return found
  }

  /// Tables as rows of cells, the heading first.
  private static func tables(of page: String) -> [[[String]]] {
    page.split(separator: "\n", omittingEmptySubsequences: false)
      .split { !$0.hasPrefix("|") }
      .map { rows in
        rows.filter { !$0.hasPrefix("|-") }.map { row in
          row.dropFirst().dropLast().split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
      }
  }

  /// What stands between backticks.
  private static func words(in text: String) -> [String] {
    text.matches(of: /`([^`]+)`/).map { String($0.1) }
  }
}
