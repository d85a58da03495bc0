import HeadraceSystem

/// Shows a text in the place of the one before, where a person looks; else one below the other.
///
/// The cursor rests below the text, so whatever ends the program leaves a whole text and the prompt beneath it.
struct TopScreen {
  /// Columns of the terminal; nil: nobody looks.
  let columns: Int?
  private var shownLineCount = 0

  init(columns: Int?) { self.columns = columns }

  mutating func show(_ text: String) throws {
    guard let columns else { return try StandardStream.output.write(text) }
    // A line that wraps would be two when it is drawn over, and what has left the screen cannot be.
    let rows = max(2, StandardStream.output.rowCount ?? 24) - 1
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().prefix(rows)
      .map { $0.prefix(columns - 1) }
    let up = shownLineCount > 0 ? "\u{1B}[\(shownLineCount)A" : ""
    try StandardStream.output.write("\r\(up)" + lines.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[J")
    shownLineCount = lines.count
  }
}
