import HeadraceCore

extension Pipeline {
  /// Sets the concurrency of stages by their names, whatever they said themselves: what `FrozenTuning` prints.
  ///
  /// Of the stages so far; in a path of a route, of those in the path. A name that none of them has is a mistake of the
  /// pipeline, told with the others when it is checked.
  ///
  /// - Parameter counts: samples that each stage works on at once, 1 to 4,096.
  public func concurrency(_ counts: [String: Int]) -> Pipeline<Element> {
    var output = output
    output.stage = output.stage.settingConcurrency(counts)
    return Pipeline(output: output, limits: limits)
  }
}

extension BatchPipeline {
  /// Sets the concurrency of stages by their names; see the method of `Pipeline`.
  public func concurrency(_ counts: [String: Int]) -> BatchPipeline {
    var pipeline = self
    pipeline.last = last.settingConcurrency(counts)
    return pipeline
  }
}
