import HeadraceCore

/// Looks for mistakes in a pipeline's graph that need no look at its data.
struct PlanCheck {
  private let graph: PipelineGraph
  private let limits: PipelineLimits

  init(_ graph: PipelineGraph, _ limits: PipelineLimits) {
    self.graph = graph
    self.limits = limits
  }

  func check() throws(HeadraceError) {
    let count = graph.stages.count
    guard count <= PipelinePlan.maximumStageCount else {
      throw HeadraceError(
        .invalidPipeline,
        "The pipeline has \(count) stages; at most \(PipelinePlan.maximumStageCount) are possible, so do several steps"
          + " in one.")
    }
    if let failures = limits.failures, failures < 0 {
      throw HeadraceError(.invalidPipeline, "limits(failures: \(failures)) is not possible; it must be 0 or more.")
    }
    if let bytes = limits.bytes, bytes < 1 {
      throw HeadraceError(.invalidPipeline, "limits(bytes: \(bytes)) is not possible; it must be 1 or more.")
    }
    if let bytes = limits.bytes, !graph.stages.contains(where: \.tellsBytes) {
      throw HeadraceError(
        .invalidPipeline,
        "limits(bytes: \(bytes)) bounds nothing: no type of the pipeline's samples tells its bytes. Make one"
          + " ByteCountable, or leave the limit out.")
    }
    if let cores = limits.cores, !(cores > 0) {
      throw HeadraceError(.invalidPipeline, "limits(cores: \(cores)) is not possible; it must be above 0.")
    }
    var names = Set<String>()
    for stage in graph.stages {
      guard names.insert(stage.description.name).inserted else {
        throw HeadraceError(
          .invalidPipeline,
          "Two stages are named \"\(stage.description.name)\"; give each \(stage.description.kind.rawValue) stage a"
            + " name of its own.", stage: stage.description.name)
      }
      if let mistake = mistake(stage.description) {
        throw HeadraceError(.invalidPipeline, "\(mistake).", stage: stage.description.name)
      }
    }
    for edge in graph.edges {
      if let mistake = mistake(edge) {
        throw HeadraceError(.invalidPipeline, "\(mistake).", stage: graph.stages[edge.producer].description.name)
      }
    }
    try checkOutputs()
    try checkRepeats()
    try checkCaches()
    try checkCachePaths()
  }

  /// Each cache on disk has a file of its own: of two in one file, each would refuse or replace what the other has
  /// kept.
  private func checkCachePaths() throws(HeadraceError) {
    var names: [[Substring]: String] = [:]
    for stage in graph.stages {
      guard let path = stage.cachePath else { continue }
      let name = stage.description.name
      // However it is written, but for `..` and links, which only the file system could follow.
      let root: [Substring] = path.hasPrefix("/") ? ["/"] : []
      let parts = path.split(separator: "/").filter { $0 != "." }
      if let other = names.updateValue(name, forKey: root + parts) {
        throw HeadraceError(
          .invalidPipeline,
          "The caches \"\(other)\" and \"\(name)\" have the same file, \(path); give each a path of its own.",
          stage: name)
      }
    }
  }

  /// What a cache hands on has no marks, by which a route knows the order.
  private func checkCaches() throws(HeadraceError) {
    let joins = graph.stages.indices.filter {
      graph.stages[$0].description.kind == .join && graph.stages[$0].description.ordering == .input
    }
    for (index, stage) in graph.stages.enumerated() where stage.description.kind == .cache {
      let before = graph.ancestors(of: index)
      // Of a route whose join comes behind it, it is in a path.
      for join in joins where graph.ancestors(of: join).contains(index) {
        let routes = graph.edges.filter { $0.consumer == join && $0.port == RouteOrder.port }.map(\.producer)
        guard let route = routes.first(where: { graph.stages[$0].description.kind == .route }), before.contains(route)
        else { continue }
        throw HeadraceError(
          .invalidPipeline,
          "A cache cannot stand in a path of a route that keeps the order: it hands on all that it has kept at once."
            + " Put it before the route, or after it, or give the route ordering: .completion.",
          stage: stage.description.name)
      }
    }
  }

  /// What begins anew must give to nobody but the repeat.
  private func checkRepeats() throws(HeadraceError) {
    for (index, stage) in graph.stages.enumerated() where stage.passCount > 1 {
      let before = graph.ancestors(of: index)
      for edge in graph.edges where before.contains(edge.producer) {
        guard let consumer = edge.consumer, consumer == index || before.contains(consumer) else {
          throw HeadraceError(
            .invalidPipeline,
            "A repeat cannot stand in a path of a route: it would begin the stages before the route anew. Put it before"
              + " the route, or after it.", stage: stage.description.name)
        }
      }
    }
  }

  private func mistake(_ stage: StageDescription) -> String? {
    guard (1...PipelinePlan.maximumNameByteCount).contains(stage.name.utf8.count) else {
      return "A stage's name must have 1 to \(PipelinePlan.maximumNameByteCount) bytes; \"\(stage.name)\" has"
        + " \(stage.name.utf8.count)"
    }
    guard (1...PipelinePlan.maximumConcurrency).contains(stage.concurrency.count) else {
      return "Concurrency \(stage.concurrency.count) is not possible; it must be 1 to"
        + " \(PipelinePlan.maximumConcurrency)"
    }
    if let maximum = stage.concurrency.maximum, !(1...PipelinePlan.maximumConcurrency).contains(maximum) {
      return "Concurrency .automatic(upTo: \(maximum)) is not possible; it must be up to 1 to"
        + " \(PipelinePlan.maximumConcurrency)"
    }
    if let mistake = stage.failurePolicy.mistake { return mistake }
    if stage.failurePolicy.retries > 0, ![.map, .compactMap, .filter, .tap, .microBatch, .batch].contains(stage.kind) {
      return "A \(stage.kind.rawValue) stage cannot try a sample again; do what may fail in a map before it"
    }
    if let timeout = stage.options.timeout {
      guard timeout > .zero else { return "A timeout of \(timeout) is not possible; it must be longer than 0" }
      guard [.map, .compactMap, .filter, .tap, .microBatch].contains(stage.kind) else {
        return
          "A \(stage.kind.rawValue) stage cannot give a sample up when its time is over; do what may take long in a"
          + " map before it"
      }
    }
    if let pool = stage.options.pool {
      guard (1...64).contains(pool.threads) else {
        return "A pool of \(pool.threads) threads is not possible; it must have 1 to 64"
      }
      guard (0...19).contains(pool.niceness) else {
        return "A niceness of \(pool.niceness) is not possible; it must be 0 to 19"
      }
    }
    return nil
  }

  private func mistake(_ edge: PipelineGraph.Edge) -> String? {
    if let items = edge.prefetch.items, !(1...(1 << 24)).contains(items) {
      return "Prefetch \(items) is not possible; it must be 1 to \(1 << 24)"
    }
    if let bytes = edge.prefetch.bytes, bytes < 1 {
      return "Prefetch of \(bytes) bytes is not possible; it must be 1 or more"
    }
    return nil
  }

  /// Each output is taken from once.
  private func checkOutputs() throws(HeadraceError) {
    for (index, stage) in graph.stages.enumerated() {
      for port in 0..<stage.outputCount {
        let consumers = graph.edges.filter { $0.producer == index && $0.port == port }
        if consumers.count > 1 {
          throw HeadraceError(
            .invalidPipeline,
            "Two stages take from stage \"\(stage.description.name)\", which gives each sample once; make a pipeline"
              + " for each of them.", stage: stage.description.name)
        }
        // The last stage of a pipeline with batches gives to nobody.
        if consumers.isEmpty && stage.description.kind != .batch {
          throw HeadraceError(
            .invalidPipeline,
            "Nothing takes what stage \"\(stage.description.name)\" hands to its path number \(port + 1); a path must"
              + " go on with the pipeline that it is given.", stage: stage.description.name)
        }
      }
    }
  }
}
