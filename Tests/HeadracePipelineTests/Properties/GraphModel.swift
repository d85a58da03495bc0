import HeadraceCore
import HeadracePipeline

/// What a random graph has to give, worked out one stage after the other, each with all that comes to it.
struct GraphModel {
  private(set) var output = ModelStream()
  /// All that each stage would leave out if nobody stopped it.
  private(set) var possible: [ModelStream.Fault] = []
  /// The most samples that were between two stages.
  private(set) var largest = 0

  init(_ graph: RandomGraph, epoch: Int) {
    output = stream(graph.origin, graph.stages[...], pass: epoch)
  }

  /// What comes out of stages behind a source.
  ///
  /// - Parameter pass: the number with which the source is opened.
  private mutating func stream(_ origin: GraphOrigin, _ stages: ArraySlice<GraphStage>, pass: Int) -> ModelStream {
    guard let stage = stages.last else { return source(origin, pass: pass) }
    guard case .repeat(let passes) = stage.kind else {
      return output(of: stage, stream(origin, stages.dropLast(), pass: pass), pass: pass)
    }
    var result = ModelStream()
    for inner in 0..<passes where result.error == nil {
      let next = stream(origin, stages.dropLast(), pass: pass * passes + inner)
      result.events += next.events
      result.error = next.error
    }
    return result
  }

  private mutating func output(of stage: GraphStage, _ input: ModelStream, pass: Int) -> ModelStream {
    let result: ModelStream
    switch stage.kind {
    case .interleave(let pattern, let stop, let branches):
      result = stage.interleaved([input] + streams(branches, pass: pass), pattern, stop, epoch: pass)
    case .merge(let branches):
      // One order of the many that are possible.
      result = stage.interleaved([input] + streams(branches, pass: pass), .roundRobin(), .allExhausted, epoch: pass)
    case .zip(let strict, let branch):
      result = stage.zipped(input, streams([branch], pass: pass)[0], strict: strict)
    case .route(let paths):
      let routed = stage.routed(input, among: paths.count)
      note(routed.order, stage.name)
      let ends = zip(paths, routed.paths).map { stages, start in
        stages.reduce(start) { output(of: $1, $0, pass: pass) }
      }
      return stage.joined(routed, ends)
    default: result = stage.modelled(input, epoch: pass)
    }
    note(result, stage.name)
    return result
  }

  private mutating func streams(_ branches: [GraphBranch], pass: Int) -> [ModelStream] {
    branches.map { stream($0.origin, $0.stages[...], pass: pass) }
  }

  private mutating func note(_ stream: ModelStream, _ name: String) {
    largest = max(largest, stream.events.count)
    possible += stream.skipped.filter { $0.stage == name }
  }

  private mutating func source(_ origin: GraphOrigin, pass: Int) -> ModelStream {
    var stream = ModelStream()
    var tolerance = ModelTolerance(origin.policy)
    for position in 0..<origin.count {
      if !origin.unreadable.contains(position) {
        tolerance.pass()
        let number = origin.number(at: position, epoch: pass)
        stream.events.append(.item(position: position, ModelValue(number: number, depth: origin.depth)))
      } else if let code = tolerance.fail(.sourceFailed) {
        stream.error = ModelStream.Fault(stage: origin.name, position: nil, code: code)
        break
      } else {
        stream.events.append(
          .skipped(ModelStream.Fault(stage: origin.name, position: position, code: .sourceFailed)))
      }
    }
    note(stream, origin.name)
    return stream
  }
}
