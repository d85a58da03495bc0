import HeadraceCore

extension Pipeline {
  /// A pipeline with one stage more, which an operator describes.
  ///
  /// - Parameters:
  ///   - mistake: what is wrong with the stage's arguments, as a sentence; told when the pipeline is planned.
  ///   - makeOperator: makes the operator of one epoch. Not called if there is a mistake.
  func appending<Output: Sendable, Operator: StreamOperator>(
    _ description: StageDescription, mistake: String?,
    operator makeOperator: @escaping @Sendable (StageContext) -> Operator
  ) -> Pipeline<Output> {
    let stage = StageBlueprint(
      description, inputs: [output],
      validate: { () throws(HeadraceError) in
        if let mistake { throw HeadraceError(.invalidPipeline, mistake) }
      }
    ) { OperatorNode(makeOperator($0.stage), $0) }
    return Pipeline<Output>(output: StageOutput(stage: stage), limits: limits)
  }
}
