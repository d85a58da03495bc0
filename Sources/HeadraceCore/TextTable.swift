/// Rows of text in aligned columns: the first to the left, the others to the right.
public struct TextTable: Sendable, CustomStringConvertible {
  private let rows: [[String]]

  /// A table of these cells; a row with fewer than others ends early.
  ///
  /// - Parameter rows: the first row is the heading.
  public init(_ rows: [[String]]) {
    self.rows = rows
  }

  /// The rows as lines, without spaces at their ends; columns are two spaces apart. The last has no line feed.
  public var description: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? cell + padding : "  " + padding + cell
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
