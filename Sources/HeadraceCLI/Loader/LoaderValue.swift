/// The value of an option in JSON: a text, a whole number, or an array of these.
struct LoaderValue: Codable, Hashable, Sendable {
  /// As words of a command line.
  let words: [String]
  private let isArray: Bool

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      (words, isArray) = ([String(number)], false)
    } else if let text = try? container.decode(String.self) {
      (words, isArray) = ([text], false)
    } else {
      (words, isArray) = (try container.decode([LoaderValue].self).flatMap(\.words), true)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if isArray { try container.encode(words) } else { try container.encode(words.first ?? "") }
  }
}
