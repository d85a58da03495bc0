/// The stages of a pipeline in an order in which each comes after those that it takes from, and what connects them.
struct PipelineGraph: Sendable {
  /// A queue from an output of one stage to an input of another.
  struct Edge: Sendable {
    var producer: Int
    var port: Int
    /// nil: what comes out at the end of the pipeline.
    var consumer: Int?
    var prefetch: Prefetch
    /// Whether it is for what a route tells its join: no samples go through it.
    var isForWords = false
  }

  private(set) var stages: [StageBlueprint] = []
  private(set) var edges: [Edge] = []
  private var indices: [ObjectIdentifier: Int] = [:]

  /// - Parameter last: the stage with which the pipeline ends.
  init(_ last: StageBlueprint) {
    visit(last)
  }

  /// The graph of a pipeline that ends in an output, not in batches.
  init(_ output: StageOutput) {
    visit(output.stage)
    edges.append(Edge(producer: stages.count - 1, port: output.port, consumer: nil, prefetch: output.prefetch))
  }

  // A loop rather than recursion: a pipeline can be long, and a thread's stack short.
  private mutating func visit(_ last: StageBlueprint) {
    var path = [last]
    while let stage = path.last {
      if indices[ObjectIdentifier(stage)] != nil {
        path.removeLast()
        continue
      }
      let missing = stage.inputs.map(\.stage).filter { indices[ObjectIdentifier($0)] == nil }
      guard missing.isEmpty else {
        path.append(contentsOf: missing.reversed())
        continue
      }
      add(stage)
      path.removeLast()
    }
  }

  private mutating func add(_ stage: StageBlueprint) {
    let index = stages.count
    indices[ObjectIdentifier(stage)] = index
    stages.append(stage)
    for input in stage.inputs {
      guard let producer = indices[ObjectIdentifier(input.stage)] else { continue }
      edges.append(
        Edge(
          producer: producer, port: input.port, consumer: index, prefetch: input.prefetch,
          isForWords: input.stage.description.kind == .route && input.port == RouteOrder.port))
    }
  }

  /// The stages that a stage depends on, in order.
  func ancestors(of index: Int) -> [Int] {
    var found: Set<Int> = []
    var open = [index]
    while let stage = open.popLast() {
      for edge in edges where edge.consumer == stage && found.insert(edge.producer).inserted {
        open.append(edge.producer)
      }
    }
    return found.sorted()
  }

  /// The repeats that a stage is before, the outermost first.
  func repeats(around index: Int) -> [Int] {
    stages.indices.reversed().filter { stages[$0].passCount > 1 && ancestors(of: $0).contains(index) }
  }
}
