import Testing

@testable import HeadracePipeline

@Suite struct GroupKeyTests {
  private struct Shape: Hashable {
    var width: Int
    var height: Int
  }

  @Test func keysAreEqualWhenTheirValuesAre() {
    let keys: [GroupKey] = [
      GroupKey(1), GroupKey(2), GroupKey("1"), GroupKey(Shape(width: 1, height: 2)),
      GroupKey(Shape(width: 2, height: 1)), GroupKey(Int?.none), .none,
    ]
    for (left, first) in keys.enumerated() {
      for (right, second) in keys.enumerated() { #expect((first == second) == (left == right)) }
    }
    #expect(Set(keys + keys).count == keys.count)
    #expect(Set(keys).contains(GroupKey(Shape(width: 1, height: 2))))
  }
}
