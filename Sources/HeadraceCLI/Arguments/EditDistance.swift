/// How many letters have to be inserted, removed, replaced or swapped with their neighbour to make one word of another.
///
/// The last of these is Damerau's addition (1964) to what is known as Levenshtein's distance: `rnu` is one slip from
/// `run`. No letter is changed twice ("optimal string alignment").
enum EditDistance {
  /// - Complexity: O(`left.count` x `right.count`).
  static func between(_ left: String, _ right: String) -> Int {
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
}
