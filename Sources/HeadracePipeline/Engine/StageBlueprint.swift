import HeadraceCore

/// One stage of a pipeline's graph, with those that it takes from: what it is, and how a run makes its node.
///
/// Immutable. A class because of its identity: the paths of a route all take from one and the same stage.
final class StageBlueprint: Sendable {
  let description: StageDescription
  let inputs: [StageOutput]
  /// How many outputs it has.
  let outputCount: Int
  /// Whether its results are of a type that tells their bytes, as far as the stage says so: one that hands on what it
  /// takes need not.
  let tellsBytes: Bool
  /// What a source says of itself, made for a cache on disk alone: it may take long; nil of other stages.
  let fingerprint: (@Sendable () -> String)?
  /// How often an epoch goes through all that is before it.
  let passCount: Int
  /// The file of a cache on disk.
  let cachePath: String?
  /// Finds mistakes before the start, such as a source's missing file.
  let validate: @Sendable () throws(HeadraceError) -> Void
  /// What is called for each sample, where that is all that the stage does; nil of others.
  let closure: StageClosure?
  let makeNode: @Sendable (StageAssembly) -> any StageNode

  init(
    _ description: StageDescription, inputs: [StageOutput], outputCount: Int = 1, tellsBytes: Bool = false,
    fingerprint: (@Sendable () -> String)? = nil,
    validate: @escaping @Sendable () throws(HeadraceError) -> Void = { () throws(HeadraceError) in },
    passCount: Int = 1, cachePath: String? = nil, closure: StageClosure? = nil,
    makeNode: @escaping @Sendable (StageAssembly) -> any StageNode
  ) {
    self.closure = closure
    self.description = description
    self.inputs = inputs
    self.outputCount = outputCount
    self.tellsBytes = tellsBytes
    self.fingerprint = fingerprint
    self.validate = validate
    self.passCount = passCount
    self.cachePath = cachePath
    self.makeNode = makeNode
  }

  /// A stage of which it is known what is wrong with its arguments.
  ///
  /// - Parameter mistake: as a sentence, told when the pipeline is planned; nil if nothing is. `makeNode` is not called
  ///   if something is.
  convenience init(
    _ description: StageDescription, inputs: [StageOutput], tellsBytes: Bool = false, mistake: String?,
    cachePath: String? = nil,
    makeNode: @escaping @Sendable (StageAssembly) -> any StageNode
  ) {
    self.init(
      description, inputs: inputs, tellsBytes: tellsBytes,
      validate: { () throws(HeadraceError) in
        if let mistake { throw HeadraceError(.invalidPipeline, mistake) }
      }, cachePath: cachePath, makeNode: makeNode)
  }

  /// Whether places in the queues behind it are places in an order: for an operator they always are.
  var outputOrdering: Ordering {
    switch description.kind {
    case .map, .compactMap, .filter, .flatMap, .tap, .microBatch: description.ordering
    default: .input
    }
  }

  /// Whether each of its results is made of a sample of its own, so that counting those counts its samples.
  var resultsAreSamples: Bool {
    switch description.kind {
    case .source, .map, .compactMap, .filter, .tap, .microBatch: true
    default: false
    }
  }
}

/// One end of an edge of the graph: an output of a stage, and what may wait there.
struct StageOutput: Sendable {
  var stage: StageBlueprint
  var port = 0
  var prefetch = Prefetch()
}

/// What a node is put together from.
struct StageAssembly: Sendable {
  let stage: StageContext
  let inputs: [HandoverQueue]
  let outputs: [HandoverQueue]
  /// Where the batches go; nil in a run that gives its elements one by one.
  let sink: (any BatchSink)?
  /// What is done to each batch before it goes there.
  let finishes: [BatchFinish]
  /// What calls the stage's closure in another process; nil: it is called in this one.
  let remote: RemoteStage?
}
