import Headrace
import HeadraceSystem

/// Where results go: JSON lines as they come, or a table for people at the end.
struct Report {
  enum Format {
    case table, json
  }

  private let format: Format
  /// Whether everything is measured for a short time only.
  let isBrief: Bool
  private var rows: [[String]] = []

  init(_ format: Format, isBrief: Bool) {
    self.format = format
    self.isBrief = isBrief
  }

  /// Opens the report of `bench`: the machine first, because no number means anything without it.
  ///
  /// - Parameters:
  ///   - pinned: processors that the measuring threads are bound to; empty when they are not.
  ///   - columns: headings of the table.
  mutating func begin(_ bench: String, pinned: [Int], columns: [String]) {
    switch format {
    case .json: print(Machine.current.line(pinned: pinned, isBrief: isBrief))
    case .table:
      let note = isBrief ? "; brief: rough figures" : ""
      print("\(bench) on \(Machine.current.text(pinned: pinned))\(note)\n")
    }
    Program.flush()
    rows = [columns]
  }

  /// Opens a further table of the same bench.
  mutating func goOn(_ title: String, columns: [String]) {
    if format == .table { print("\n\(title)\n") }
    rows = [columns]
  }

  /// - Parameter line: nil where the row shows a part of a line that has been added.
  mutating func add(_ line: JSONLine?, _ row: [String]) {
    rows.append(row)
    if format == .json, let line {
      print(line)
      Program.flush()
    }
  }

  /// Closes the report.
  ///
  /// - Parameter bars: for people, what was to be reached and whether it was.
  func end(_ bars: [Bar]) {
    guard format == .table else { return }
    print(TextTable(rows))
    print("")
    for bar in bars { print(bar.text(load: Machine.loadAverage, cores: Machine.current.cores)) }
  }
}
