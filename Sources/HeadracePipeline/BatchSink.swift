import HeadraceCore

/// Where a run's batches go. The engine knows neither processes nor shared memory: a ring, or plain memory in a test,
/// stands behind this.
package protocol BatchSink: AnyObject, Sendable {
  /// Memory for one batch; nil while there is none. Then the sink's owner calls `PipelineRun.sinkHasSpace()` later.
  func tryClaim() throws(HeadraceError) -> (any BatchBuffer)?
}
