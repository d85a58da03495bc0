extension TunedStage {
  /// The most operations of an `async` closure by default.
  static let asyncMaximum = 64

  /// A stage of a plan.
  init(_ stage: StageDescription) {
    let count = stage.concurrency.count
    let ownThreads = stage.isAsync ? nil : stage.options.pool?.threads
    var most = stage.concurrency.maximum ?? (stage.isAsync ? Self.asyncMaximum : PipelinePlan.maximumConcurrency)
    // Those that all stages share bound it as well: the autotuner sees to that, and says so.
    if let ownThreads { most = min(most, ownThreads) }
    self.init(
      stage.name, kind: stage.kind, concurrency: count,
      range: stage.concurrency.isAutomatic ? 1...max(count, most) : count...count,
      sharesLanes: !stage.isAsync && ownThreads == nil)
  }
}
