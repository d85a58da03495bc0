/// Text for people, in lines that fit into a terminal of the usual width.
package enum WrappedText {
  /// Columns of a line.
  package static let columns = 80

  /// Breaks `text` between words; a word that is longer than a line stays whole.
  ///
  /// - Parameter indent: spaces before each line but the first, which whoever shows it begins at that column or before.
  package static func of(_ text: String, indent: Int = 0) -> String {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if !last.isEmpty && last.count + 1 + word.count > columns - indent {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      }
    }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}
