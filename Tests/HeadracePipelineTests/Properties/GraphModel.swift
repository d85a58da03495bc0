import HeadraceCore
import HeadracePipeline

/// What a random graph has to give, worked out one stage after the other, each with all that comes to it.
struct GraphModel {
  /// What one sample becomes.
  enum Result {
    case values([ModelValue])
    /// It fails, after it has given so many values.
    case failure(after: [ModelValue])
  }

  let graph: RandomGraph
  private(set) var output = ModelStream()
  /// All that each stage would leave out if nobody stopped it.
  private(set) var possible: [ModelStream.Fault] = []
  private let epoch: Int
  /// The most samples that were between two stages.
  private(set) var largest = 0

  init(_ graph: RandomGraph, epoch: Int) {
    self.graph = graph
    self.epoch = epoch
    output = stream(behind: graph.stages.count, readerEpoch: epoch)
  }

  private mutating func stream(behind count: Int, readerEpoch: Int) -> ModelStream {
    guard count > 0 else { return source(readerEpoch) }
    let stage = graph.stages[count - 1]
    guard case .repeat(let passes) = stage.kind else {
      let result = stage.modelled(stream(behind: count - 1, readerEpoch: readerEpoch), epoch: epoch)
      note(result, stage.name)
      return result
    }
    var result = ModelStream()
    for pass in 0..<passes where result.error == nil {
      let next = stream(behind: count - 1, readerEpoch: readerEpoch * passes + pass)
      result.events += next.events
      result.error = next.error
    }
    return result
  }

  private mutating func note(_ stream: ModelStream, _ name: String) {
    largest = max(largest, stream.events.count)
    possible += stream.skipped.filter { $0.stage == name }
  }

  private mutating func source(_ readerEpoch: Int) -> ModelStream {
    var stream = ModelStream()
    var tolerance = ModelTolerance(graph.sourcePolicy)
    for position in 0..<graph.sourceCount {
      if !graph.unreadable.contains(position) {
        tolerance.pass()
        let number = GraphSource.number(at: position, epoch: readerEpoch)
        stream.events.append(.item(position: position, .number(number)))
      } else if let code = tolerance.fail(.sourceFailed) {
        stream.error = ModelStream.Fault(stage: "source", position: nil, code: code)
        break
      } else {
        stream.events.append(.skipped(ModelStream.Fault(stage: "source", position: position, code: .sourceFailed)))
      }
    }
    note(stream, "source")
    return stream
  }
}
