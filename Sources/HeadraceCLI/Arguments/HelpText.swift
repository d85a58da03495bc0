/// The help of a command, made from the same options that the parser knows.
struct HelpText: CustomStringConvertible {
  let usage: String
  let about: String
  let options: [Option]
  let examples: [String]

  var description: String {
    let heads = options.map { $0.valueName.isEmpty ? $0.name : "\($0.name) \($0.valueName)" }
    let width = heads.map(\.count).max() ?? 0
    var text = "usage: \(usage)\n\n\(about)\n\noptions:\n"
    for (head, option) in zip(heads, options) {
      let indent = String(repeating: " ", count: width + 4)
      let lines = Self.wrap(option.help, width: 96 - indent.count)
      text +=
        "  \(head)\(String(repeating: " ", count: width - head.count))  \(lines.joined(separator: "\n\(indent)"))\n"
    }
    if !examples.isEmpty {
      text += "\nexamples:\n" + examples.map { "  \($0)\n" }.joined()
    }
    return text
  }

  private static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if !last.isEmpty && last.count + 1 + word.count > width {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      }
    }
    return lines
  }
}
