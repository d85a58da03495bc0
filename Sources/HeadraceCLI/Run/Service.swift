import Headrace
import HeadraceSystem

/// `headrace run --readers`: keeps a loader for other processes until they have read all of it.
struct Service {
  private let options: RunOptions
  private var metrics: MetricsFile?
  private let processStart: UInt64
  /// How often it looks whether all is read.
  private static let interval: UInt64 = 20_000_000

  init(_ options: RunOptions, metrics: MetricsFile?, processStart: UInt64) {
    self.options = options
    self.metrics = metrics
    self.processStart = processStart
  }

  /// - Throws: `workerDied` where the loader has ended by itself; `timedOut` where readers have been missing for too
  ///   long; `stageFailed` where an epoch has ended with an error, of which the readers were told.
  mutating func serve(_ batches: inout Batches, _ report: inout RunReport) throws {
    let deadline = MonotonicClock.deadline(after: options.readers?.startTimeout ?? .zero)
    defer { fill(&report, &batches) }
    while true {
      try metrics?.updateIfDue(batches)
      switch try batches.service(until: MonotonicClock.now + Self.interval) {
      case .goesOn: break
      case .isRead:
        try metrics?.update(batches)
        return
      case .isMissingReaders:
        if let deadline, MonotonicClock.now >= deadline { throw batches.missingReadersError }
      }
    }
  }

  private func fill(_ report: inout RunReport, _ batches: inout Batches) {
    let seconds = Double(MonotonicClock.now - processStart) / 1e9
    let usage = batches.workerUsage
    report.seconds = seconds
    report.statistics = batches.statistics()
    report.stages = report.statistics.map(RunReport.Stage.init)
    report.readers = batches.readers.map { RunReport.Reader($0, seconds: seconds) }
    report.batches = report.readers?.map(\.batches).reduce(0, +) ?? 0
    report.samples = report.statistics.last.map { $0.taskCount - $0.failureCount } ?? 0
    report.imagesPerSecond = Double(report.samples) / seconds
    report.rateIncludesStart = true
    report.epochs = batches.endedEpochCount
    report.workerCpuSeconds = usage.cpuSeconds
    report.workerPeakRssBytes = usage.peakResidentByteCount
    report.restarts = batches.restartCount
    report.exits = batches.exits.map(RunExit.init)
    let failures = batches.takeFailures()
    report.failureCount = failures.count
    report.failures = failures.newest.map { .init($0.error, epoch: $0.epoch, position: $0.position) }
  }
}
