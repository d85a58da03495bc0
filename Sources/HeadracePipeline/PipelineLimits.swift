/// What a pipeline may use and lose as a whole.
public struct PipelineLimits: Sendable, Hashable {
  /// Samples of an epoch that all stages together may leave out; one more ends it. nil: each stage's policy alone
  /// decides.
  public var failures: Int?
  /// Bytes of all samples in flight between source and batch, as far as their types tell them (`ByteCountable`): being
  /// worked on, waiting, and kept by a stage, such as a shuffle's; not what an aggregator or a cache keeps. A sample
  /// that is larger passes alone. A stage that keeps more than this has its samples made one by one, so leave room for
  /// them. nil: only the queues bound them.
  public var bytes: Int?
  /// CPU time that the run's process may use, in cores' worth: 2.5 is 2.5 seconds of CPU in a second. Automatic
  /// concurrency keeps to it; what is fixed does not. nil: all cores that the process may run on.
  public var cores: Double?

  /// Limits, or none.
  public init(failures: Int? = nil, bytes: Int? = nil, cores: Double? = nil) {
    self.failures = failures
    self.bytes = bytes
    self.cores = cores
  }

  /// These, with others in place of those that are given.
  func setting(failures: Int?, bytes: Int?, cores: Double?) -> PipelineLimits {
    PipelineLimits(
      failures: failures ?? self.failures, bytes: bytes ?? self.bytes, cores: cores ?? self.cores)
  }
}
