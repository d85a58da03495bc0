/// What goes through a trap: numbers, and arrays of them.
protocol Numbered: Sendable {
  var numbers: [Int] { get }
}

extension Int: Numbered {
  var numbers: [Int] { [self] }
}

extension Array: Numbered where Element: Numbered {
  var numbers: [Int] { flatMap(\.numbers) }
}
