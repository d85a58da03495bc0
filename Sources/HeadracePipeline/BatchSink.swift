import HeadraceCore

/// Where a run's batches go. The engine knows neither processes nor shared memory: a ring, or plain memory in a test,
/// stands behind this.
public protocol BatchSink: AnyObject, Sendable {
  /// Memory for one batch; nil while there is none. Then the sink's owner calls `PipelineRun.sinkHasSpace()` later.
  func tryClaim() throws(HeadraceError) -> (any BatchBuffer)?
}

/// Memory for one batch. Letting go of it unpublished gives it up.
public protocol BatchBuffer: AnyObject, Sendable {
  /// At least `PipelinePlan.payloadByteCount` bytes, aligned to 256.
  @unsafe var bytes: UnsafeMutableRawBufferPointer { get }

  /// Hands the batch on. Called once, and nothing is written afterwards.
  ///
  /// - Parameters:
  ///   - tensors: what the memory holds.
  ///   - positions: position in the epoch of the sample in each row.
  func publish(tensors: [BatchTensor], positions: [UInt64], epoch: Int) throws(HeadraceError)
}
