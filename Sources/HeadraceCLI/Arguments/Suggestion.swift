import Headrace

/// What was probably meant by a word that is not known.
enum Suggestion {
  /// For example ` (did you mean --batch?)`; empty if none of `known` is near; see `EditDistance.nearest`.
  static func text(for word: String, among known: [String]) -> String {
    EditDistance.nearest(to: word, among: known).map { " (did you mean \($0)?)" } ?? ""
  }
}
