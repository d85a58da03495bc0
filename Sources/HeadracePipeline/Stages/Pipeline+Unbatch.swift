extension Pipeline {
  /// Hands on the elements of each array one by one, as they are wanted.
  ///
  /// Each bears the position and the name of the sample that the array is, or was begun with: after a `batch` those of
  /// its first.
  ///
  /// - Parameter name: the stage's name among the stages.
  public func unbatch<Output: Sendable>(name: String = "unbatch") -> Pipeline<Output> where Element == [Output] {
    let traits = ElementTraits<Output>()
    return appending(StageDescription(kind: .unbatch, name: name)) { _ in
      FlattenOperator(byteCount: { traits.byteCount(typed($0)) }) { sample in
        let elements = typed(sample, as: [Output].self)
        let rest = ReversedElements(elements)
        return FlattenOperator.Elements(count: elements.count) { rest.takeNext() }
      }
    }
  }
}
