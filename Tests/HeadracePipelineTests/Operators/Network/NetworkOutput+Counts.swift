extension [NetworkOutput] {
  /// How often each occurs.
  var counts: [NetworkOutput: Int] { Dictionary(map { ($0, 1) }, uniquingKeysWith: +) }

  /// The numbers of all values, in order.
  var numbers: [Int] {
    flatMap { output -> [Int] in
      guard case .value(let numbers) = output else { return [] }
      return numbers
    }
  }

  /// What lies between marks.
  var segments: [[NetworkOutput]] { split(separator: .mark, omittingEmptySubsequences: false).map(Array.init) }
}
