/// What a pipeline may use and lose as a whole.
public struct PipelineLimits: Sendable, Hashable {
  /// Samples of an epoch that all stages together may leave out; one more ends it. nil: each stage's policy alone decides.
  public var failures: Int?
  /// Bytes of all samples in flight between source and batch, as far as their types tell them (`ByteCountable`): being
  /// worked on, waiting, and kept by a stage, such as a shuffle's; not what an aggregator or a cache keeps. A sample that
  /// is larger passes alone. A stage that keeps more than this has its samples made one by one, so leave room for them.
  /// nil: only the queues bound them.
  public var bytes: Int?
  /// CPU time that the run's process may use, in cores' worth: 2.5 is 2.5 seconds of CPU in a second. Automatic
  /// concurrency keeps to it; what is fixed does not. nil: all cores that the process may run on.
  public var cores: Double?

  /// Whether samples of any type so far tell their bytes; where none do, `bytes` would bound nothing.
  var countsBytes = false

  /// Limits, or none.
  public init(failures: Int? = nil, bytes: Int? = nil, cores: Double? = nil) {
    self.failures = failures
    self.bytes = bytes
    self.cores = cores
  }

  /// These, with others in place of those that are given.
  func setting(failures: Int?, bytes: Int?, cores: Double?) -> PipelineLimits {
    var limits = self
    limits.failures = failures ?? self.failures
    limits.bytes = bytes ?? self.bytes
    limits.cores = cores ?? self.cores
    return limits
  }
}
