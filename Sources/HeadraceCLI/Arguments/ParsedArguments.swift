/// The words of a command line, sorted by option.
struct ParsedArguments: Sendable {
  /// Words that belong to no option.
  private(set) var positional: [String] = []
  private var values: [String: [String]] = [:]

  /// - Throws: `UsageError` for an option that is not among `options`, a value that is missing or one too many, and
  ///   an option of one value that is there twice.
  init(_ words: [String], options: [Option], command: String) throws(UsageError) {
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      guard word.hasPrefix("-"), word.count > 1 else {
        positional.append(word)
        continue
      }
      // `--batch=64` is `--batch 64`.
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let name = parts[0] == "-h" ? "--help" : parts[0]
      guard let option = options.first(where: { $0.name == name }) else {
        throw UsageError(
          "unknown option \(parts[0])\(Suggestion.text(for: parts[0], among: options.map(\.name)));"
            + " see 'headrace \(command) --help'")
      }
      var found = Array(parts.dropFirst())
      switch option.arity {
      case .flag:
        guard found.isEmpty else { throw UsageError("\(option.name) takes no value, got \"\(found[0])\"") }
      case .one:
        if found.isEmpty, index < words.count, !Self.isOption(words[index]) {
          found = [words[index]]
          index += 1
        }
      case .many:
        while index < words.count, !Self.isOption(words[index]) {
          found.append(words[index])
          index += 1
        }
      }
      guard option.arity == .flag || !found.isEmpty else {
        throw UsageError("\(option.name) needs a value: \(option.name) \(option.valueName)")
      }
      if option.arity == .one, let earlier = values[option.name]?.first {
        throw UsageError("\(option.name) is given twice, as \(earlier) and \(found[0]); give it once")
      }
      values[option.name] = option.arity == .many ? (values[option.name] ?? []) + found : found
    }
  }

  func has(_ option: String) -> Bool { values[option] != nil }
  func all(_ option: String) -> [String] { values[option] ?? [] }
  func value(_ option: String) -> String? { values[option]?.first }

  /// A whole number within bounds; `fallback` when the option is not there.
  func integer(_ option: String, in bounds: ClosedRange<Int>, default fallback: Int) throws(UsageError) -> Int {
    try integer(option, in: bounds) ?? fallback
  }

  func integer(_ option: String, in bounds: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = value(option) else { return nil }
    guard let value = Int(text), bounds.contains(value) else {
      throw UsageError(
        "\(option) \(text) is not possible: it takes a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return value
  }

  /// One of a list of words; `fallback` when the option is not there.
  func choice<Value>(
    _ option: String, _ choices: [(String, Value)], default fallback: Value
  ) throws(UsageError) -> Value {
    guard let text = value(option) else { return fallback }
    guard let choice = choices.first(where: { $0.0 == text }) else {
      throw UsageError(
        "\(option) \(text) is not possible\(Suggestion.text(for: text, among: choices.map(\.0))):"
          + " it takes \(choices.map(\.0).joined(separator: ", "))")
    }
    return choice.1
  }

  /// A lone dash, and negative numbers, are values.
  private static func isOption(_ word: String) -> Bool {
    word.hasPrefix("-") && word.count > 1 && Int(word) == nil
  }
}
