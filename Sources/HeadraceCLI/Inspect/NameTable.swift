import Headrace

/// A table whose first column is names of any length and script; the others are as in `TextTable`.
struct NameTable: CustomStringConvertible {
  let rows: [[String]]
  /// Columns of the terminal, into which names are shortened to fit; nil: all are whole.
  let columns: Int?

  /// Of a name on a terminal that is too narrow, this much is left, although the lines are longer than it then.
  private static let leastNameColumns = 12

  var description: String {
    let others = TextTable(rows.map { [""] + $0.dropFirst() }).description.split(
      separator: "\n", omittingEmptySubsequences: false)
    let widest = others.map { DisplayWidth.of(String($0)) }.max() ?? 0
    let room = columns.map { max(Self.leastNameColumns, $0 - widest) } ?? .max
    let names = rows.map { DisplayWidth.shortened($0[0], to: room) }
    let width = names.map(DisplayWidth.of).max() ?? 0
    return zip(names, others).map { name, others in
      name + String(repeating: " ", count: width - DisplayWidth.of(name)) + others
    }.joined(separator: "\n")
  }
}
