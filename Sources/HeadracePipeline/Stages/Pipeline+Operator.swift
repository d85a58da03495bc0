extension Pipeline {
  /// A pipeline with one stage more, which an operator describes.
  ///
  /// - Parameters:
  ///   - mistake: what is wrong with the stage's arguments, as a sentence; told when the pipeline is planned.
  ///   - makeOperator: makes the operator of one epoch. Not called if there is a mistake.
  func appending<Output: Sendable, Operator: StreamOperator>(
    _ description: StageDescription, mistake: String? = nil,
    operator makeOperator: @escaping @Sendable (StageContext) -> Operator
  ) -> Pipeline<Output> {
    .joining([output], limits: [limits], description, mistake: mistake, operator: makeOperator)
  }
}
