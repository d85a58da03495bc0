/// Where a joining stage of the model is in one of its inputs.
struct ModelCursor {
  private var rest: ArraySlice<ModelStream.Event>
  /// What the input ends with.
  let error: ModelStream.Fault?

  init(_ stream: ModelStream) {
    rest = stream.events[...]
    error = stream.error
  }

  /// The next sample; nil: there is none. Whatever is no sample and stands before it goes into `output`.
  mutating func nextItem(_ output: inout ModelStream) -> (position: Int, value: ModelValue)? {
    while let event = rest.popFirst() {
      if case .item(let position, let value) = event { return (position, value) }
      output.events.append(event)
    }
    return nil
  }

  /// Moves what is made of the next sample. Returns whether it was all there, or the path ends in the middle of it.
  mutating func moveSample(to output: inout ModelStream) -> Bool {
    while let event = rest.popFirst() {
      if case .nextSample = event { return true }
      output.events.append(event)
    }
    return false
  }

  mutating func moveRest(to output: inout ModelStream) {
    output.events += rest
    rest = []
    output.error = error
  }
}
