import HeadraceCore
import HeadraceSystem

/// The elements that a pipeline makes, epoch after epoch, on threads of this process. Going away stops the pipeline.
///
/// ```swift
/// var elements = try pipeline.run(threads: 4)
/// for epoch in 0..<10 {
///   while let element = try elements.next() { use(element) }   // nil: the epoch is over
/// }
/// ```
///
/// For what needs no batches in shared memory: serving, preparing data, tests. A training loop is better served by
/// `runPipelineInSubprocess`, which keeps all this out of its process.
public struct Elements<Element: Sendable>: ~Copyable, Sendable {
  private let core: ElementRun

  init(_ core: ElementRun) {
    self.core = core
  }

  deinit { core.stop() }

  /// The next element; nil at the end of an epoch, and for ever after the last one.
  ///
  /// - Parameter timeout: how long to wait; nil waits until there is an element, an end, or an error.
  /// - Throws: The pipeline's error, after the last good element; the call after it goes on with the next epoch.
  ///   `timedOut`: nothing is lost, call again.
  /// - Complexity: O(1).
  public mutating func next(timeout: Duration? = nil) throws(HeadraceError) -> Element? {
    guard let sample = try core.next(timeout: timeout) else { return nil }
    return typed(sample)
  }

  /// Gives up the rest of the epoch that `next` is in; between epochs nothing happens. An error that would have ended
  /// the epoch is given up with it.
  ///
  /// - Complexity: O(elements that wait), which go away here; calls at work are not waited for.
  public mutating func skipRestOfEpoch() { core.skipRestOfEpoch() }

  /// The epoch that `next` returns elements of, from 0.
  public var epoch: Int { core.epoch }

  /// Whether `next` can still return elements: false once the last of a limited number of epochs has
  /// ended, or after `stop`.
  public var hasFurtherEpoch: Bool { core.hasFurtherEpoch }

  /// The statistics of the pipeline's stages until this moment.
  public func statistics() -> [StageStatistics] { core.statistics() }

  /// Samples that were left out since the last call: their number, and the newest 1,000 of them by name.
  ///
  /// - Complexity: O(those that are named).
  public mutating func takeFailures() -> FailureReport { core.takeFailures() }

  /// Seconds that `next` has waited since the start.
  public var waitSeconds: Double { core.waitSeconds }

  /// What automatic concurrency has decided so far and why, the newest 1,000; empty where no stage is automatic.
  public var decisions: [TuningNote] { core.run.decisions }

  /// What automatic concurrency has come to, to be printed and written into the program.
  public var frozenTuning: FrozenTuning { core.run.frozenTuning }

  /// Ends the pipeline: nothing new begins, and `next` returns nil from now on.
  ///
  /// - Parameter timeout: how long to wait for what is being worked on.
  /// - Returns: what is being worked on still, by stage and sample; empty if all is at rest. It ends by itself when it
  ///   does, and what it makes is dropped.
  public mutating func stop(timeout: Duration = .seconds(2)) -> [RunningCall] {
    core.stop()
    return core.awaitRest(timeout: timeout)
  }
}
