/// What a route sends where, and what it makes of what comes out of its paths.
extension GraphStage {
  /// The samples that are sent along each path.
  struct Routed {
    /// All that came in, of a sample the number of its path.
    var order = ModelStream()
    var paths: [ModelStream]
  }

  /// Paths get samples even behind the failure with which the epoch ends, and end as the input does: nobody waits for
  /// what they make of those.
  func routed(_ input: ModelStream, among pathCount: Int) -> Routed {
    var counter = ModelCounter(self)
    var routed = Routed(paths: Array(repeating: ModelStream(), count: pathCount))
    var isOver = false
    for event in input.events {
      guard case .item(let position, let value) = event else {
        if !isOver { counter.add(event) }
        continue
      }
      if rule.fails(value.digest) {
        if !isOver { isOver = !counter.fail(position) }
        continue
      }
      let path = rule.choice(value.digest, below: pathCount)
      if !isOver { counter.pass(position, [.number(path)]) }
      routed.paths[path].events += [event, .nextSample]
    }
    routed.order = counter.ended(as: input)
    for path in routed.paths.indices { routed.paths[path].error = input.error }
    return routed
  }

  /// - Parameter ends: what comes out of each path.
  func joined(_ routed: Routed, _ ends: [ModelStream]) -> ModelStream {
    var output = ModelStream()
    var paths = ends.map(ModelCursor.init)
    var open = Set(paths.indices)
    for event in routed.order.events {
      guard case .item(_, .number(let path)) = event else {
        output.events.append(event)
        continue
      }
      guard open.contains(path), !paths[path].moveSample(to: &output) else { continue }
      // The path ends early: with an error, so that all is over, or leaving the others to go on.
      open.remove(path)
      output.error = paths[path].error
      if output.error != nil || open.isEmpty { return output }
    }
    output.error = routed.order.error
    for path in open.sorted() where output.error == nil { paths[path].moveRest(to: &output) }
    return output
  }
}
