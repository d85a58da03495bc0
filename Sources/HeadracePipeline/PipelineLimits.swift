/// What a pipeline may use and lose as a whole.
public struct PipelineLimits: Sendable, Hashable {
  /// Samples of an epoch that all stages together may leave out; one more ends it. nil: each stage's policy alone decides.
  public var failures: Int?
  /// Bytes of all samples in flight between source and batch, as far as their types tell them (`ByteCountable`): being
  /// worked on, and waiting. A sample that is larger passes alone. nil: only the queues bound them.
  public var bytes: Int?

  /// Limits, or none.
  public init(failures: Int? = nil, bytes: Int? = nil) {
    self.failures = failures
    self.bytes = bytes
  }
}
