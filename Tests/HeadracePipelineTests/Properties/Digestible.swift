/// What a random graph's samples are made of: numbers, and arrays of them, so that one rule says for all what a stage
/// makes of a sample and which of them fails.
protocol Digestible: Sendable {
  /// The number, within as many arrays as the type has.
  init(number: Int)
  /// A number that stands for all that is in it.
  var digest: Int { get }
  /// Another value of the same form.
  func changed(by salt: Int) -> Self
}

extension Digestible {
  /// What a zip makes of this and the other sample.
  func paired(with other: some Digestible) -> Self { changed(by: other.digest & 0xFFFF) }
}

extension Int: Digestible {
  init(number: Int) { self = number }
  var digest: Int { self }
  func changed(by salt: Int) -> Int { (self &* 31 &+ salt) & 0xFFFF_FFFF }
}

extension Array: Digestible where Element: Digestible {
  init(number: Int) { self = [Element(number: number)] }
  var digest: Int { reduce(count) { $0 &* 131 &+ $1.digest } }
  func changed(by salt: Int) -> [Element] { map { $0.changed(by: salt) } }
}

/// A sample as the model sees it, whatever its type.
indirect enum ModelValue: Digestible {
  case number(Int)
  case list([ModelValue])

  init(number: Int) { self = .number(number) }

  /// The number, within so many arrays.
  init(number: Int, depth: Int) {
    self = depth == 0 ? .number(number) : .list([ModelValue(number: number, depth: depth - 1)])
  }

  var digest: Int {
    switch self {
    case .number(let number): number.digest
    case .list(let values): values.digest
    }
  }

  func changed(by salt: Int) -> ModelValue {
    switch self {
    case .number(let number): .number(number.changed(by: salt))
    case .list(let values): .list(values.changed(by: salt))
    }
  }
}
