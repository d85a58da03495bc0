import HeadracePipeline

/// What stages make of several inputs.
extension GraphStage {
  func interleaved(
    _ inputs: [ModelStream], _ pattern: InterleavePattern, _ stop: InterleaveStop, epoch: Int
  ) -> ModelStream {
    var output = ModelStream()
    var cursors = inputs.map(ModelCursor.init)
    var turns = ModelTurns(pattern, inputs: inputs.count, epoch: epoch, stage: name)
    while !turns.open.isEmpty {
      let input = turns.next()
      if let (position, value) = cursors[input].nextItem(&output) {
        output.events.append(.item(position: position, value))
        continue
      }
      if cursors[input].error != nil || stop == .firstExhausted {
        output.error = cursors[input].error
        return output
      }
      turns.remove(input)
    }
    return output
  }

  func zipped(_ first: ModelStream, _ second: ModelStream, strict: Bool) -> ModelStream {
    var output = ModelStream()
    var (first, second) = (ModelCursor(first), ModelCursor(second))
    for count in 0... {
      let left = first.nextItem(&output)
      if left == nil, first.error != nil || !strict {
        output.error = first.error
        return output
      }
      let right = second.nextItem(&output)
      if right == nil, second.error != nil {
        output.error = second.error
        return output
      }
      guard let left, let right else {
        if strict, left != nil || right != nil {
          output.error = ModelStream.Fault(stage: name, position: count, code: .stageFailed)
        }
        return output
      }
      output.events.append(.item(position: left.position, left.value.paired(with: right.value)))
    }
    return output
  }
}
