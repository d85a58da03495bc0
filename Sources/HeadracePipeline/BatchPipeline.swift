import HeadraceCore

/// A complete pipeline, from a source to batches; still a value without threads, files or processes.
public struct BatchPipeline: Sendable {
  /// The stages, from the source to the batch.
  public let stages: [StageDescription]
  /// What a batch holds, as given to `batch`; not yet checked.
  public let spec: BatchSpec
  /// What becomes of the samples at the end of an epoch that do not fill a batch.
  public let partial: PartialBatch
  let validateSource: @Sendable () throws(HeadraceError) -> Void
  let build: @Sendable (_ run: RunBuilder, _ sink: any BatchSink) -> Void

  init(
    stages: [StageDescription], spec: BatchSpec, partial: PartialBatch,
    validateSource: @escaping @Sendable () throws(HeadraceError) -> Void,
    build: @escaping @Sendable (RunBuilder, any BatchSink) -> Void
  ) {
    self.stages = stages
    self.spec = spec
    self.partial = partial
    self.validateSource = validateSource
    self.build = build
  }
}
