import HeadraceCore

/// A complete pipeline, from sources to batches; still a value without threads, files or processes.
public struct BatchPipeline: Sendable {
  /// The stage that fills the batches, and before it all others.
  var last: StageBlueprint
  /// What a batch holds, as given to `batch`; not yet checked.
  public let spec: BatchSpec
  /// What becomes of the samples at the end of an epoch that do not fill a batch.
  public let partial: PartialBatch
  /// What it may use and lose as a whole.
  var limits: PipelineLimits
  /// What is done to each batch before it is handed on, in this order.
  private(set) var finishes: [BatchFinish] = []

  /// The stages, each after those that it takes from; the batch last.
  ///
  /// - Complexity: O(stages), each time: the graph is gone through.
  public var stages: [StageDescription] { PipelineGraph(last).stages.map(\.description) }

  /// Bounds what all stages together may lose, hold and use; see `Pipeline.limits(failures:bytes:cores:)`.
  public func limits(failures: Int? = nil, bytes: Int? = nil, cores: Double? = nil) -> BatchPipeline {
    var pipeline = self
    pipeline.limits = limits.setting(failures: failures, bytes: bytes, cores: cores)
    return pipeline
  }

  /// Has each batch changed as a whole before it is handed on, after what was asked for before.
  package func finishing(_ finish: BatchFinish) -> BatchPipeline {
    var pipeline = self
    pipeline.finishes.append(finish)
    return pipeline
  }
}
