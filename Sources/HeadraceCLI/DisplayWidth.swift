/// How many columns text takes on a terminal: characters of East Asian scripts, and emoji, take two.
enum DisplayWidth {
  /// Blocks of the code points that Unicode Standard Annex #11 calls wide or fullwidth, unassigned ones included.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
    0x1AFF0...0x1B2FF, 0x20000...0x3FFFD,
  ]

  static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

  /// One or two, by the first scalar: those behind it are marks on it.
  static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first, scalar.value >= 0x1100 else { return 1 }
    return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The text, or its beginning and its end around three dots, in at most `columns`: more of the end, where files
  /// have their number and extension.
  static func shortened(_ text: String, to columns: Int) -> String {
    guard of(text) > columns else { return text }
    let room = max(0, columns - 3)
    let end = String(fitting(text.reversed(), into: (room + 1) / 2).reversed())
    return String(fitting(Array(text), into: room - of(end))) + "..." + end
  }

  private static func fitting(_ characters: [Character], into columns: Int) -> ArraySlice<Character> {
    var left = columns
    return characters.prefix {
      left -= of($0)
      return left >= 0
    }
  }
}
