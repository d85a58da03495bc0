/// How many letters have to be inserted, removed or replaced to make one word of another (Levenshtein, 1966).
enum EditDistance {
  /// - Complexity: O(`left.count` x `right.count`).
  static func between(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (lineIndex, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = lineIndex + 1
      for column in right.indices {
        let substitution = diagonal + (right[column] == letter ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substitution, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[right.count]
  }
}
