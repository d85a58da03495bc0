/// What was probably meant by a word that is not known.
enum Suggestion {
  /// For example ` (did you mean --batch?)`; empty if none of `known` is near.
  ///
  /// Near is one slip, two in words of more than four letters, dashes at the beginning left out. Case is no slip.
  static func text(for word: String, among known: [String]) -> String {
    let near = known.map { ($0, EditDistance.between(word.lowercased(), $0)) }.min { $0.1 < $1.1 }
    guard let near, near.1 <= (near.0.drop { $0 == "-" }.count > 4 ? 2 : 1) else { return "" }
    return " (did you mean \(near.0)?)"
  }
}
