import HeadraceCore
import Testing

@Suite struct EditDistanceTests {
  @Test(arguments: [
    ("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
    ("--bach", "--batch", 1), ("--batch", "--bacth", 1), ("run", "rnu", 1), ("ca", "abc", 3), ("a", "b", 1),
    ("\u{E9}", "e", 1),
  ])
  func distanceIsThatOfDamerau(left: String, right: String, distance: Int) {
    #expect(EditDistance.between(left, right) == distance)
    #expect(EditDistance.between(right, left) == distance)
  }

  /// Against the definition, for all words of up to four letters out of two.
  @Test func distanceIsThatOfTheDefinition() {
    func define(_ a: Substring, _ b: Substring) -> Int {
      guard let x = a.first, let y = b.first else { return max(a.count, b.count) }
      let (restA, restB) = (a.dropFirst(), b.dropFirst())
      var distance = min(1 + define(restA, b), 1 + define(a, restB), (x == y ? 0 : 1) + define(restA, restB))
      if restA.first == y, restB.first == x {
        distance = min(distance, 1 + define(restA.dropFirst(), restB.dropFirst()))
      }
      return distance
    }
    var words = [""]
    for word in words.prefix(1) { words += ["\(word)a", "\(word)b"] }
    while words.last!.count < 4 {
      words = Array(Set(words + words.flatMap { [$0 + "a", $0 + "b"] })).sorted { $0.count < $1.count }
    }
    #expect(words.count == 31)
    for left in words {
      for right in words {
        #expect(EditDistance.between(left, right) == define(left[...], right[...]), "\(left) \(right)")
      }
    }
  }
}
