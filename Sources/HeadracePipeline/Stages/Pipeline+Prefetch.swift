import HeadraceCore

extension Pipeline {
  /// Lets up to `count` samples wait between the stage before and the stage after.
  ///
  /// Those that the stage before works on come on top, as many as its concurrency.
  ///
  /// Without it the bound follows from the time that the two stages take: a few slow samples, or some hundred quick ones.
  public func prefetch(_ count: Int) -> Pipeline<Element> {
    var pipeline = self
    pipeline.stages[stages.count - 1].prefetch = count
    return pipeline
  }
}
