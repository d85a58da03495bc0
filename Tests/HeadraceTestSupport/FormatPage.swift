import HeadraceSystem

/// A page of docs/formats with its tables, as text.
public struct FormatPage {
  /// A page, a table or a cell that is not as a test needs it.
  public struct Unexpected: Error, CustomStringConvertible {
    /// What was looked for, and what is there.
    public let description: String
  }

  /// One table: the heading that it stands under, the names of its columns, and its rows.
  public struct Table {
    /// Without its number signs.
    public let heading: String
    /// Cells of the first row.
    public let columns: [String]
    /// Cells of the others.
    public internal(set) var rows: [[String]] = []

    /// A row of a table that says where a field lies.
    public struct Field {
      /// The third column.
      public let name: String
      /// The first column.
      public let offset: Int
      /// The second column.
      public let byteCount: Int
    }

    /// Offset, size and name of each row.
    public func fields() throws -> [Field] {
      try rows.map { row in
        guard let offset = Int(row[0]), let byteCount = Int(row[1]) else { throw Unexpected(description: "\(row)") }
        return Field(name: row[2], offset: offset, byteCount: byteCount)
      }
    }

    /// Names and numbers of the first two columns.
    public func numbers() throws -> [String: UInt64] {
      var numbers: [String: UInt64] = [:]
      for row in rows {
        let text = row[1]
        guard let number = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text) else {
          throw Unexpected(description: "\(row)")
        }
        guard numbers.updateValue(number, forKey: row[0]) == nil else {
          throw Unexpected(description: "\(row[0]) twice")
        }
      }
      return numbers
    }
  }

  /// The whole page.
  public let text: String
  /// Its tables, in order.
  public let tables: [Table]

  /// Reads a page, such as `ring`.
  public init(named name: String) throws {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let path = "\(root)/docs/formats/\(name).md"
    guard let text = SmallFile.read(path) else { throw Unexpected(description: "no \(path)") }
    self.text = text
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
  public func table(_ heading: String, _ column: String) throws -> Table {
    let found = tables.filter { $0.heading == heading && $0.columns.first == column }
    guard found.count == 1 else {
      throw Unexpected(description: "\(found.count) tables under \(heading) that begin with \(column)")
    }
    return found[0]
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
