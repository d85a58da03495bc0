import Headrace

/// The help of a command, made from the same options that the parser knows.
struct HelpText: CustomStringConvertible {
  let usage: String
  let about: String
  let options: [Option]
  let examples: [String]

  var description: String {
    let heads = options.map { $0.valueName.isEmpty ? $0.name : "\($0.name) \($0.valueName)" }
    let width = heads.map(\.count).max() ?? 0
    var text = "usage: \(usage)\n\n\(WrappedText.of(about))\n\noptions:\n"
    for (head, option) in zip(heads, options) {
      let space = String(repeating: " ", count: width - head.count)
      text += "  \(head)\(space)  \(WrappedText.of(option.help, indent: width + 4))\n"
    }
    if !examples.isEmpty {
      text += "\nexamples:\n" + examples.map { "  \($0)\n" }.joined()
    }
    return text
  }
}
