import HeadraceCore

extension PipelinePlan {
  /// Checks that other processes can call the closures of the stages that work sample by sample: `map`, `compactMap`,
  /// `filter`, `tap` and `batch`.
  ///
  /// - Throws: `invalidPipeline`, naming the stage and the type that is not `Storable`, or that there is no such stage.
  package func checkRemoteCalls() throws(HeadraceError) {
    var isUseful = false
    for stage in graph.stages {
      guard let closure = stage.closure else { continue }
      isUseful = true
      guard let type = closure.obstacle else { continue }
      throw HeadraceError(
        .invalidPipeline,
        "Stage \"\(stage.description.name)\" cannot be called in other processes: \(type), which it takes or makes, is"
          + " not Storable, so it cannot cross. Conform it, or leave workers out.", stage: stage.description.name)
    }
    guard isUseful else {
      throw HeadraceError(
        .invalidPipeline,
        "Workers would have nothing to do: the pipeline has no stage that calls a closure sample by sample. Leave"
          + " workers out.")
    }
  }
}
