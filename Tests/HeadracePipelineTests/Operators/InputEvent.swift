/// What happens at the input of an operator.
enum InputEvent: Hashable, CustomStringConvertible {
  /// An item of a kind, 0 to 9: see `ScriptedItem`.
  case item(kind: Int)
  case mark
  /// Nothing comes for so many nanoseconds.
  case pause(UInt64)

  /// An item that the tests' closures throw for.
  static let bad = InputEvent.item(kind: 9)

  var description: String {
    switch self {
    case .item(kind: 9): "bad"
    case .item(let kind): "\(kind)"
    case .mark: "|"
    case .pause(let ticks): String(repeating: "-", count: Int(ticks))
    }
  }
}
