import HeadraceSystem
import Testing

@testable import HeadraceRing

/// The tables of docs/formats/ring.md, as text.
struct FormatPage {
  /// One table: the heading that it stands under, the names of its columns, and its rows.
  struct Table {
    let heading: String
    let columns: [String]
    var rows: [[String]] = []

    /// Offset, size and name of each row.
    func fields() throws -> [RingLayout.Field] {
      try rows.map { row in
        RingLayout.Field(
          name: row[2], offset: try #require(Int(row[0]), "\(row)"), byteCount: try #require(Int(row[1]), "\(row)"))
      }
    }

    /// Names and numbers of the first two columns.
    func numbers() throws -> [String: UInt64] {
      var numbers: [String: UInt64] = [:]
      for row in rows {
        let text = row[1]
        let number = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
        #expect(numbers.updateValue(try #require(number, "\(row)"), forKey: row[0]) == nil, "\(row[0]) twice")
      }
      return numbers
    }
  }

  let text: String
  let tables: [Table]

  init(file: String = #filePath) throws {
    let root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    text = try #require(SmallFile.read(root + "/docs/formats/ring.md"))
    var tables: [Table] = []
    var heading = ""
    var isInTable = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") { heading = String(line.drop { $0 == "#" || $0 == " " }) }
      guard line.hasPrefix("|") else {
        isInTable = false
        continue
      }
      let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingSpaces }
      if !isInTable {
        tables.append(Table(heading: heading, columns: cells))
        isInTable = true
      } else if !line.hasPrefix("|---") {
        tables[tables.count - 1].rows.append(cells)
      }
    }
    self.tables = tables
  }

  /// The only table under `heading` whose first column is named so.
  func table(_ heading: String, _ column: String) throws -> Table {
    let found = tables.filter { $0.heading == heading && $0.columns.first == column }
    #expect(found.count == 1, "\(heading): \(column)")
    return try #require(found.first)
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
