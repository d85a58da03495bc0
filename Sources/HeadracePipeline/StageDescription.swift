/// What a pipeline says about one of its stages, before anything runs.
public struct StageDescription: Sendable, Hashable, Codable {
  /// What a stage does with a sample; the raw value is its word in messages.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Reads samples, one at a time. A first stage, and no other.
    case source
    /// Makes another value of each.
    case map
    /// Makes another value of each, or none.
    case compactMap
    /// Hands on those that the closure is true for.
    case filter
    /// Makes any number of values of each, one after the other as they are wanted.
    case flatMap
    /// Looks at each and hands it on.
    case tap
    /// Hands on the first so many.
    case take
    /// Hands on all but the first so many.
    case skip
    /// Hands on in an order chosen at random, within a buffer.
    case shuffle
    /// Hands on the elements of an array one by one.
    case unbatch
    /// Makes values of several, as an `Aggregator` decides.
    case aggregate
    /// Gathers several into an array.
    case group
    /// Gathers several of about the same length into an array.
    case bucket
    /// Calls its closure for several at once, and hands on as many results.
    case microBatch
    /// Hands on what comes from several pipelines.
    case merge
    /// Hands on one of each of several pipelines, together.
    case zip
    /// Hands on what comes from several pipelines in turn.
    case interleave
    /// Sends each along one of several paths.
    case route
    /// Hands on what comes out of the paths of a route.
    case join
    /// Goes through all before it several times an epoch.
    case `repeat`
    /// Keeps all of the first epoch for those that follow.
    case cache
    /// Writes each into its row of a batch. The last stage, and no other.
    case batch

    /// Whether several samples can be worked on at once: of all others, `concurrency` is 1.
    var takesConcurrency: Bool {
      switch self {
      case .map, .compactMap, .filter, .flatMap, .tap, .microBatch, .batch: true
      default: false
      }
    }
  }

  /// What it does with a sample.
  public var kind: Kind
  /// Unique in the pipeline; errors and statistics use it.
  public var name: String
  /// What else it was told that decides what comes out of it, as text: numbers, seeds. Closures say nothing.
  package var details = ""
  /// Whether which samples come out of it together, or of whom, depends on when they come in.
  package var dependsOnTime = false
  /// Whether what comes out of it in an epoch depends on what it keeps in memory of earlier ones.
  package var remembersEpochs = false
  /// Samples that the stage works on at once.
  public var concurrency: Concurrency = 1
  /// Whether samples leave it in the order in which they came in, or as they get done.
  public var ordering: Ordering = .input
  /// How many samples of an epoch may fail in it, and what becomes of those that do.
  public var failurePolicy: FailurePolicy = .raise
  /// How it is run, beside what it does.
  public var options: StageOptions = .standard
  /// Whether its closure is `async`: then it needs a thread only for what it computes.
  public var isAsync = false
}

extension StageDescription {
  /// Whether it calls a closure for each sample, whose code runs on the lanes.
  package var callsOnLanes: Bool {
    switch kind {
    case .map, .compactMap, .filter, .tap, .flatMap, .microBatch, .batch: true
    default: false
    }
  }
}
