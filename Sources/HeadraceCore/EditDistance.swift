/// How many letters have to be inserted, removed, replaced or swapped with their neighbour to make one word of another.
///
/// The last of these is Damerau's addition (1964) to what is known as Levenshtein's distance: `rnu` is one slip from
/// `run`. No letter is changed twice ("optimal string alignment").
package enum EditDistance {
  /// The distance of two words.
  ///
  /// - Complexity: O(`left.count` x `right.count`).
  package static func between(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    // Distances between what is before a letter of `left`, and all beginnings of `right`.
    var (beforeLast, last) = ([0], Array(0...right.count))
    for line in left.indices {
      var row = [line + 1]
      for column in right.indices {
        let substitution = last[column] + (left[line] == right[column] ? 0 : 1)
        var distance = min(substitution, last[column + 1] + 1, row[column] + 1)
        if line > 0, column > 0, left[line] == right[column - 1], left[line - 1] == right[column] {
          distance = min(distance, beforeLast[column - 1] + 1)
        }
        row.append(distance)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }

  /// The word of `known` that was probably meant by `word`; nil if none is near.
  ///
  /// Near is one slip, two in words of more than four letters, dashes at the beginning left out. Case is no slip.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let near = known.map { ($0, between(word.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
    guard let near, near.1 <= (near.0.drop { $0 == "-" }.count > 4 ? 2 : 1) else { return nil }
    return near.0
  }
}
