import HeadraceCore

/// A name with arguments in parentheses, as it stands in a list of transforms.
struct TransformCall {
  let name: String
  let arguments: [String]
  /// As it was written.
  let text: String

  /// Takes a list apart at the commas that are in no parentheses.
  ///
  /// - Throws: `invalidArgument` for parentheses that do not match, and for a transform without a name.
  static func list(_ text: String) throws(HeadraceError) -> [TransformCall] {
    var calls: [TransformCall] = []
    for part in try parts(text, of: text) { calls.append(try TransformCall(part, of: text)) }
    return calls
  }

  private init(_ part: String, of whole: String) throws(HeadraceError) {
    text = part
    guard let opening = part.firstIndex(of: "(") else {
      name = part
      arguments = []
      guard !part.isEmpty else { throw Self.mistake("has a transform without a name", whole) }
      return
    }
    name = part[..<opening].trimmed
    guard !name.isEmpty else { throw Self.mistake("has a transform without a name, \(part)", whole) }
    guard part.last == ")" else {
      throw Self.mistake("goes on after the parentheses of \(name): put a comma between transforms", whole)
    }
    let inner = String(part[part.index(after: opening)...].dropLast())
    guard !inner.contains("("), !inner.contains(")") else {
      throw Self.mistake("has parentheses in those of \(name)", whole)
    }
    arguments = inner[...].trimmed.isEmpty ? [] : try Self.parts(inner, of: whole)
  }

  /// Splits at commas outside of parentheses, without the blanks around.
  private static func parts(_ text: String, of whole: String) throws(HeadraceError) -> [String] {
    var parts: [String] = []
    var depth = 0
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case "," where depth == 0:
        parts.append(text[start..<index].trimmed)
        start = text.index(after: index)
      default: break
      }
      guard depth >= 0 else { throw mistake("closes a parenthesis that is not open", whole) }
    }
    guard depth == 0 else { throw mistake("does not close a parenthesis", whole) }
    return parts + [text[start...].trimmed]
  }

  private static func mistake(_ what: String, _ whole: String) -> HeadraceError {
    HeadraceError(
      .invalidArgument,
      "The list of transforms \"\(whole)\" \(what); write it as random_resized_crop(224),horizontal_flip(0.5).")
  }
}
