import HeadraceCore
import HeadraceSystem

/// Watches what processes use of CPU, memory, disk and network, cheaply enough to be left on.
///
/// `sample()` reads /proc where it is called and starts nothing. A training loop can call it between its steps:
///
/// ```swift
/// var monitor = batches.resourceMonitor()
/// while let batch = try batches.next() {
///   train(batch)
///   if batch.sequence.isMultiple(of: 100) { monitor.sample() }
/// }
/// print(ResourceTable(monitor.samples))
/// ```
///
/// `start` does the same at an interval, on one thread.
///
/// What a sample of a worker with 3 threads takes, on a machine with 2 processors and little else to do: 14
/// microseconds, 22 with a look for what it has started; with PSS 0.4 ms for a ring of 64 MiB and 8 ms for one of 1
/// GiB, since the kernel walks the page table. At an interval of 1 s with PSS every 10th time that is about 0.1 % of a
/// processor; for a ring of many GiB raise `pssEvery`.
public struct ResourceMonitor: Sendable {
  private var reader: ResourceReader
  private var history: ResourceHistory
  private let pssEvery: Int?

  /// Watches processes of these numbers. One that does not exist, now or later, uses nothing; that is no error.
  ///
  /// - Parameters:
  ///   - processIDs: at least one. The network is that of the first.
  ///   - includesDescendants: whether to watch too what these processes start, and what that starts.
  ///   - pssEvery: every which sample reads PSS and private bytes, which takes longer than all the rest: 1 for each
  ///     sample, nil for none. The first always does, except with nil.
  ///   - sampleLimit: how many samples `samples` keeps, at least 1; about 200 bytes each.
  public init(processIDs: [Int], includesDescendants: Bool = true, pssEvery: Int? = 10, sampleLimit: Int = 3600) {
    precondition(!processIDs.isEmpty, "a ResourceMonitor of no process; give it one process number at least")
    precondition(pssEvery ?? 1 >= 1, "pssEvery is \(pssEvery ?? 0); it must be at least 1, or nil")
    reader = ResourceReader(
      processIDs: processIDs.map(Int32.init(clamping:)), includesDescendants: includesDescendants)
    history = ResourceHistory(sampleLimit: sampleLimit)
    self.pssEvery = pssEvery
  }

  /// Reads what the processes use, and returns what that is since the sample before.
  ///
  /// - Parameter withPSS: whether to read PSS and private bytes; nil: every `pssEvery`th time.
  /// - Complexity: O(processes and their threads); with PSS O(pages that they have mapped).
  @discardableResult
  public mutating func sample(withPSS: Bool? = nil) -> ResourceSample {
    let isDue = pssEvery.map { summary.sampleCount.isMultiple(of: $0) } ?? false
    return history.record(reader.read(withPSS: withPSS ?? isDue))
  }

  /// Whether samples read PSS unless they are told otherwise.
  var readsPSS: Bool { pssEvery != nil }

  /// The newest samples, the oldest of them first, as many as the monitor keeps.
  ///
  /// - Complexity: O(samples).
  public var samples: [ResourceSample] { history.samples }

  /// Means, peaks and sums over all samples so far.
  public var summary: ResourceSummary { history.summary }

  /// Takes a sample now and then one at each interval, until `stop` or until the returned value goes.
  ///
  /// It starts a thread, and a process that has one cannot be forked safely: call `runPipelineInSubprocess` before.
  ///
  /// - Parameters:
  ///   - interval: at least 10 ms.
  ///   - callback: gets each sample, on the monitor's thread. While it runs no sample is taken; those that were due
  ///     meanwhile are left out.
  /// - Throws: `invalidArgument` for an interval that is too short; `systemCall` when the system refuses the thread or
  ///   a descriptor.
  public func start(
    interval: Duration = .seconds(1), callback: (@Sendable (ResourceSample) -> Void)? = nil
  ) throws(HeadraceError) -> RunningResourceMonitor {
    try RunningResourceMonitor(self, interval: interval, callback: callback)
  }
}
