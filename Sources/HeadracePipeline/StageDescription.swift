/// What a pipeline says about one of its stages, before anything runs.
public struct StageDescription: Sendable, Hashable {
  /// What a stage does with a sample; the raw value is its word in messages.
  public enum Kind: String, Sendable, Hashable {
    /// Reads samples, one at a time. The first stage, and no other.
    case source
    /// Makes another value of each.
    case map
    /// Hands on those that the closure is true for.
    case filter
    /// Writes each into its row of a batch. The last stage, and no other.
    case batch
  }

  /// What it does with a sample.
  public var kind: Kind
  /// Unique in the pipeline; errors and statistics use it.
  public var name: String
  /// Samples that the stage works on at once.
  public var concurrency: Int
  /// Whether samples leave it in the order in which they came in, or as they get done.
  public var ordering: Ordering
  /// How many samples of an epoch may fail in it.
  public var failurePolicy: FailurePolicy
  /// Samples that may wait between this stage and the next; nil: chosen from the time that the stages take.
  public var prefetch: Int?
}
