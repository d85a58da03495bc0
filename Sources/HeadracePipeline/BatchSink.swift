import HeadraceCore

/// Where a run's batches go. The engine knows neither processes nor shared memory: a ring, or plain memory in a test,
/// stands behind this.
package protocol BatchSink: AnyObject, Sendable {
  /// Memory for one batch; nil while there is none. Then the sink's owner calls `PipelineRun.sinkHasSpace()` later.
  func tryClaim() throws(HeadraceError) -> (any BatchBuffer)?

  /// Tells of each sample of an epoch, asked once, whether it is in no batch, since a run before this one has published
  /// it; nil: none is.
  func leavesOut(of epoch: Int) -> (@Sendable (_ position: Int) -> Bool)?

  /// Tells of any position, at any time, whether `leavesOut` begins with it; nil: with none.
  func isOut(of epoch: Int) -> (@Sendable (_ position: Int) -> Bool)?
}

extension BatchSink {
  package func leavesOut(of epoch: Int) -> (@Sendable (_ position: Int) -> Bool)? { nil }
  package func isOut(of epoch: Int) -> (@Sendable (_ position: Int) -> Bool)? { nil }
}
