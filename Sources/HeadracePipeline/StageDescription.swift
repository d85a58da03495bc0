/// What a pipeline says about one of its stages, before anything runs.
public struct StageDescription: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    case source, map, filter, batch
  }

  public var kind: Kind
  /// Unique in the pipeline; errors and statistics use it.
  public var name: String
  /// Samples that the stage works on at once.
  public var concurrency: Int
  public var ordering: Ordering
  public var failurePolicy: FailurePolicy
  /// Samples that may wait between this stage and the next; nil: chosen from the time that the stages take.
  public var prefetch: Int?
}
