import HeadracePipeline

/// A source of a random graph, and what it may leave out.
struct GraphOrigin: Sendable, Hashable, CustomStringConvertible {
  var name = "source"
  let count: Int
  /// Positions that cannot be read.
  let unreadable: Set<Int>
  let policy: FailurePolicy
  /// How deep in arrays its numbers are: 0: they are samples themselves.
  var depth = 0
  /// The number at position 0 of epoch 0, so that one sees in a sample where it came from.
  var first = 0

  /// The number that the reader of an epoch, or of a pass, gives at a position.
  func number(at position: Int, epoch: Int) -> Int { first + epoch * 10_000 + position }

  func pipeline<Element: Digestible>(of _: Element.Type = Element.self) -> Pipeline<Element> {
    Pipeline(name, from: GraphSource<Element>(origin: self), onFailure: policy)
  }

  var description: String {
    "Pipeline(\"\(name)\", from: GraphSource(count: \(count), unreadable: \(unreadable.sorted())), onFailure: "
      + "\(policy.tolerance))"
  }
}
