/// Samples that were left out since somebody last asked.
public struct FailureReport: Sendable, Hashable {
  /// How many: all of them, whether named or not.
  public var count: Int
  /// The newest of them, oldest first. Batches name 255, elements of a pipeline in this process 1,000.
  public var newest: [SampleFailure]

  /// Says how many were left out, and which the newest of them are.
  public init(count: Int = 0, newest: [SampleFailure] = []) {
    self.count = count
    self.newest = newest
  }
}
