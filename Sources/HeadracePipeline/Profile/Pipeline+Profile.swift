import HeadraceCore
import HeadraceSystem

extension Pipeline {
  /// Runs each stage by itself, one after the other, on samples that were made before, at several concurrencies.
  ///
  /// Each gets the first `items` samples that come to it in epoch 0; those that fail in a stage before it are left out.
  /// All results of a stage are held in memory meanwhile.
  ///
  /// - Parameters:
  ///   - items: samples for each stage, 1 or more.
  ///   - concurrencies: to try; of a stage that works in order, 1 alone is.
  /// - Throws: as `run`; the error of a stage that ends the epoch before a single sample has come through.
  /// - Complexity: (stages + 1) * concurrencies times the work of `items` samples.
  public func profile(
    items: Int = 1_000, concurrencies: [Int] = [1, 2, 4, 8, 16, 32]
  ) throws(HeadraceError) -> PipelineProfile {
    guard items > 0 else {
      throw HeadraceError(.invalidArgument, "A profile of \(items) items is not possible; items must be 1 or more.")
    }
    guard !concurrencies.isEmpty, concurrencies.allSatisfy({ (1...256).contains($0) }) else {
      throw HeadraceError(
        .invalidArgument, "Concurrencies \(concurrencies) are not possible; name some, each 1 to 256.")
    }
    _ = try PipelinePlan(self)
    var stages: [StageProfile] = []
    for blueprint in PipelineGraph(output.stage).stages {
      stages.append(
        try StageProfiler(blueprint).profile(items: items, concurrencies: Set(concurrencies).sorted()))
    }
    return PipelineProfile(stages: stages)
  }
}
