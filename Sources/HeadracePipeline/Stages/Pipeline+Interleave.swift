extension Pipeline {
  /// Hands on what comes from this pipeline and from another, in turn or by weight.
  ///
  /// See `interleaving(_:_:stop:name:)`, which takes any number.
  public func interleave(
    with other: Pipeline<Element>, _ pattern: InterleavePattern = .roundRobin(), stop: InterleaveStop = .allExhausted,
    name: String = "interleave"
  ) -> Pipeline<Element> {
    .interleaving([self, other], pattern, stop: stop, name: name)
  }

  /// Hands on what comes from several pipelines, in turn or by weight: a mixture of data sets.
  ///
  /// ```swift
  /// let mixture = Pipeline.interleaving([web, books], .stride(weights: [0.7, 0.3]), stop: .firstExhausted)
  /// ```
  ///
  /// The order follows from how many samples the pipelines have, not from when those come: it waits for the pipeline
  /// whose turn it is. So the same data gives the same order each time, if it does before.
  ///
  /// Each sample keeps the position that it has in its own pipeline, so positions are not unique behind it.
  ///
  /// - Parameters:
  ///   - pipelines: one or more. No two stages in them have the same name, sources included. Of each
  ///     limit the lowest holds, for all together.
  ///   - stop: when an epoch ends. A pipeline that has nothing left is not begun anew; for that, `repeat` it.
  ///   - name: the stage's name among the stages.
  /// - Complexity: for each sample O(1) in turn, O(n) by weight for n pipelines.
  public static func interleaving(
    _ pipelines: [Pipeline<Element>], _ pattern: InterleavePattern = .roundRobin(),
    stop: InterleaveStop = .allExhausted, name: String = "interleave"
  ) -> Pipeline<Element> {
    let count = pipelines.count
    return .joining(
      pipelines.map(\.output), limits: pipelines.map(\.limits),
      StageDescription(kind: .interleave, name: name, details: "\(pattern) \(stop)"),
      mistake: count == 0
        ? "There is nothing to interleave; give one pipeline or more." : pattern.mistake(inputs: count)
    ) { stage in
      InterleaveOperator(inputs: count, order: pattern.makeOrder(inputs: count, stage), stop: stop)
    }
  }
}
