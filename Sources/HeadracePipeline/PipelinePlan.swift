import HeadraceCore

/// A pipeline that has been checked: every mistake that can be found before the start has been.
public struct PipelinePlan: Sendable {
  /// The stages, each after those that it takes from, each with a name of its own: at most 62.
  public let stages: [StageDescription]
  /// What a batch holds, all sizes in it possible; nil for a pipeline that gives its elements one by one.
  public let spec: BatchSpec?
  /// What becomes of the samples at the end of an epoch that do not fill a batch.
  public let partial: PartialBatch
  /// Whether what it does is to be forgotten: see `init(trying:)`.
  private(set) var isTrial = false
  /// What the pipeline may use and lose as a whole.
  public let limits: PipelineLimits
  /// The tensors of a full batch, laid out in a slot's payload; none for a pipeline that gives its elements one by one.
  /// Where rows may differ in shape, those of the largest: each batch has shapes of its own.
  public let tensors: [BatchTensor]
  /// Bytes that a slot needs for any batch.
  public let payloadByteCount: Int
  let graph: PipelineGraph
  /// What is done to each batch before it is handed on.
  let finishes: [BatchFinish]

  /// The longest name of a stage, in bytes of UTF-8.
  public static let maximumNameByteCount = 39
  /// The most stages of a pipeline.
  public static let maximumStageCount = 62
  /// The highest concurrency of a stage.
  public static let maximumConcurrency = 4096

  /// Checks `pipeline`, opening and listing its sources but reading no sample.
  ///
  /// - Throws: `invalidPipeline`, naming the stage and the mistake; `notFound` or `invalidArgument` for the folder of a
  ///   quarantine that cannot be made; what a source's own check throws.
  public init(_ pipeline: BatchPipeline) throws(HeadraceError) {
    try self.init(
      PipelineGraph(pipeline.last), limits: pipeline.limits, spec: pipeline.spec, partial: pipeline.partial,
      finishes: pipeline.finishes)
  }

  /// Checks a pipeline that gives its elements one by one.
  ///
  /// - Throws: as for one that ends in batches.
  public init<Element>(_ pipeline: Pipeline<Element>) throws(HeadraceError) {
    try self.init(PipelineGraph(pipeline.output), limits: pipeline.limits, spec: nil, partial: .emit, finishes: [])
  }

  private init(
    _ graph: PipelineGraph, limits: PipelineLimits, spec: BatchSpec?, partial: PartialBatch, finishes: [BatchFinish]
  ) throws(HeadraceError) {
    self.graph = graph
    self.limits = limits
    self.spec = spec
    self.partial = partial
    self.finishes = finishes
    stages = graph.stages.map(\.description)
    try PlanCheck(graph, limits).check()
    if let spec {
      try Self.naming(stages.last) { () throws(HeadraceError) in
        try spec.validate()
        for finish in finishes { try finish.validate(spec) }
      }
      let layout = BatchLayout(spec)
      tensors = layout.largestTensors
      payloadByteCount = layout.byteCount
    } else {
      tensors = []
      payloadByteCount = 0
    }
    for stage in graph.stages {
      try Self.naming(stage.description, stage.validate)
      guard let path = stage.description.failurePolicy.quarantinePath else { continue }
      try Self.naming(stage.description) { () throws(HeadraceError) in try QuarantineWriter.check(path) }
    }
  }

  /// Why it cannot be told, from the positions of the samples that have come out of an epoch, which ones would still
  /// come out of it if it were run again by another process; nil: it can.
  ///
  /// That samples leave a stage in another order does no harm by itself. It does where a stage chooses by their number,
  /// makes several of one or one of several, or where pipelines are mixed: positions are those in one source.
  package func obstacleToRepeating(epoch: Int) -> String? {
    if let stage = stages.first(where: \.dependsOnTime) {
      return "what comes out of stage \"\(stage.name)\" depends on time"
    }
    if epoch > 0, let stage = stages.first(where: \.remembersEpochs) {
      return "what stage \"\(stage.name)\" had kept in memory is gone"
    }
    guard let unordered = stages.first(where: { $0.ordering == .completion }) else { return nil }
    let ordered: Set<StageDescription.Kind> = [.flatMap, .unbatch, .aggregate, .take, .skip, .zip, .interleave]
    return stages.first { ordered.contains($0.kind) }.map {
      "stage \"\(unordered.name)\" hands on what is done first, and what comes out of stage \"\($0.name)\" depends on"
        + " that"
    }
  }

  /// Whether each position of an epoch is one sample from the source to its row, whatever stages do with it: then a
  /// sample that is out needs none of them again.
  var positionsAreSamples: Bool {
    let kinds: Set<StageDescription.Kind> = [
      .source, .map, .compactMap, .filter, .tap, .take, .skip, .shuffle, .batch,
    ]
    return stages.allSatisfy { kinds.contains($0.kind) } && stages.count { $0.kind == .source } == 1
  }

  /// Those of `suspects` that a run can wait for: their stages call a closure for each sample, in the run's own
  /// process.
  func watched(_ suspects: [Suspect], hasTransport: Bool) -> [Suspect] {
    if suspects.isEmpty { return [] }
    let names = graph.stages.filter { stage in
      stage.description.callsOnLanes && !(hasTransport && stage.closure != nil)
    }.map(\.description.name)
    return suspects.filter { names.contains($0.stage) }
  }

  /// A part of a pipeline that has been checked as a whole, to be tried: it leaves no failed sample and no cache on the
  /// disk, and takes nothing from a cache.
  init(trying graph: PipelineGraph) {
    self.graph = graph
    limits = PipelineLimits()
    spec = nil
    partial = .emit
    finishes = []
    isTrial = true
    stages = graph.stages.map { stage in
      var description = stage.description
      description.failurePolicy.quarantinePath = nil
      return description
    }
    tensors = []
    payloadByteCount = 0
  }

  private static func naming(
    _ stage: StageDescription?, _ check: () throws(HeadraceError) -> Void
  ) throws(HeadraceError) {
    do throws(HeadraceError) {
      try check()
    } catch {
      var named = error
      named.stage = named.stage ?? stage?.name
      throw named
    }
  }
}
