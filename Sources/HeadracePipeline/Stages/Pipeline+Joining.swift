import HeadraceCore

extension Pipeline {
  /// A stage that takes from several pipelines, which an operator describes. Inputs are numbered in their order.
  ///
  /// - Parameters:
  ///   - mistake: what is wrong with the stage's arguments, as a sentence; told when the pipeline is planned.
  ///   - makeOperator: makes the operator of one epoch. Not called if there is a mistake.
  static func joining<Operator: StreamOperator>(
    _ inputs: [StageOutput], limits: [PipelineLimits], _ description: StageDescription,
    mistake: String? = nil,
    operator makeOperator: @escaping @Sendable (StageContext) -> Operator
  ) -> Pipeline<Element> {
    let stage = StageBlueprint(
      description, inputs: inputs, tellsBytes: Element.self is any ByteCountable.Type, mistake: mistake
    ) {
      OperatorNode(makeOperator($0.stage), $0)
    }
    return Pipeline(output: StageOutput(stage: stage), limits: .strictest(limits))
  }
}
