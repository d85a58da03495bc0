/// Text for people, in lines that fit into a terminal of the usual width.
package enum WrappedText {
  /// Columns of a line.
  package static let columns = 80

  /// Breaks `text` between words, but for a number and its unit; a word that is longer than a line stays whole.
  ///
  /// - Parameter indent: spaces before each line but the first, which whoever shows it begins at that column or before.
  package static func of(_ text: String, indent: Int = 0) -> String {
    var lines: [String] = [""]
    for word in unbreakable(text.split(separator: " ")) {
      let last = lines[lines.count - 1]
      if !last.isEmpty && last.count + 1 + word.count > columns - indent {
        lines.append(word)
      } else {
        lines[lines.count - 1] = last.isEmpty ? word : "\(last) \(word)"
      }
    }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }

  /// Those that stand behind a number, with a space between.
  private static let units: Set<Substring> = ["%", "us", "ms", "s", "B", "kB", "MB", "GB", "TB"]

  /// The words, each number together with its unit: `(12.4 ms),` is one.
  private static func unbreakable(_ words: [Substring]) -> [String] {
    var result: [String] = []
    for word in words {
      let unit = word.prefix { !".,;:)/".contains($0) }
      if units.contains(unit), let last = result.last, last.last?.isNumber == true {
        result[result.count - 1] = "\(last) \(word)"
      } else {
        result.append(String(word))
      }
    }
    return result
  }
}
