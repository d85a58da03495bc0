/// One option of a command: what the parser accepts and the help shows.
struct Option: Sendable {
  enum Arity: Sendable {
    /// No value: there or not; twice is the same as once.
    case flag
    /// One value, given once.
    case one
    /// One or more values, up to the next option; may be repeated.
    case many
  }

  /// With its dashes: `--batch`.
  let name: String
  let arity: Arity
  /// What the help shows for the value: `N`, `PATH...`; empty for a flag.
  let valueName: String
  /// One sentence without a full stop.
  let help: String

  static func flag(_ name: String, _ help: String) -> Option {
    Option(name: name, arity: .flag, valueName: "", help: help)
  }

  static func one(_ name: String, _ valueName: String, _ help: String) -> Option {
    Option(name: name, arity: .one, valueName: valueName, help: help)
  }

  static func many(_ name: String, _ valueName: String, _ help: String) -> Option {
    Option(name: name, arity: .many, valueName: valueName, help: help)
  }
}
