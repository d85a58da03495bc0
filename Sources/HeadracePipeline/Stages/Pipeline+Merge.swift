extension Pipeline {
  /// Hands on what comes from this pipeline and from another, whichever has something first.
  ///
  /// See `merging(_:name:)`, which takes any number.
  public func merge(with other: Pipeline<Element>, name: String = "merge") -> Pipeline<Element> {
    .merging([self, other], name: name)
  }

  /// Hands on what comes from several pipelines, whichever has something first; ends when all have ended.
  ///
  /// Samples of one pipeline keep their order. How they mix depends on time: the same data gives another order each
  /// time. `interleaving` mixes in the same way each time, and waits for the slower pipeline.
  ///
  /// Each sample keeps the position that it has in its own pipeline, so positions are not unique behind it.
  ///
  /// - Parameters:
  ///   - pipelines: one or more. No two stages in them have the same name, sources included. Of each
  ///     limit the lowest holds, for all together.
  ///   - name: the stage's name among the stages.
  public static func merging(_ pipelines: [Pipeline<Element>], name: String = "merge") -> Pipeline<Element> {
    let count = pipelines.count
    var description = StageDescription(kind: .merge, name: name)
    description.dependsOnTime = true
    return .joining(
      pipelines.map(\.output), limits: pipelines.map(\.limits), description,
      mistake: count == 0 ? "There is nothing to merge; give one pipeline or more." : nil
    ) { _ in MergeOperator(inputs: count) }
  }
}
