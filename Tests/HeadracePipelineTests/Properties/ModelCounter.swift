import HeadraceCore
import HeadracePipeline

/// The output of a stage of the model, with what the stage may leave out.
struct ModelCounter {
  private let stage: GraphStage
  private var tolerance: ModelTolerance
  private var output = ModelStream()
  private var newest: ModelStream.Fault?

  init(_ stage: GraphStage) {
    self.stage = stage
    tolerance = ModelTolerance(stage.policy)
  }

  mutating func add(_ event: ModelStream.Event) { output.events.append(event) }

  /// A sample was worked on, and became so many values.
  mutating func pass(_ position: Int, _ values: [ModelValue]) {
    tolerance.pass()
    for value in values { add(.item(position: position, value)) }
  }

  /// A sample has failed. Returns whether the epoch goes on.
  ///
  /// - Parameter passed: whether it did not seem so when it came.
  mutating func fail(_ position: Int, passed: Bool = false) -> Bool {
    var fault = ModelStream.Fault(stage: stage.name, position: position, code: stage.rule.code)
    newest = fault
    guard let code = tolerance.fail(fault.code, passed: passed) else {
      add(.skipped(fault))
      return true
    }
    fault.code = code
    output.error = fault
    return false
  }

  /// The output, ending as the input does if nothing has ended it before.
  func ended(as input: ModelStream) -> ModelStream {
    var output = output
    if output.error != nil { return output }
    output.error = input.error
    if input.error == nil, tolerance.isExceeded {
      output.error = newest
      output.error?.code = .tooManyFailures
    }
    return output
  }
}
