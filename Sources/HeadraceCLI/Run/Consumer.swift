import Headrace
import HeadraceSystem

/// The trainer's side of `headrace run`: takes each batch, looks at it as far as asked for, and gives it back.
struct Consumer: ~Copyable {
  private let options: RunOptions
  private let imageTensor: String?
  private let processStart: UInt64
  private var meter: ProgressMeter
  private var metrics: MetricsFile?
  private var digest: SHA256?
  private var samples = 0
  private var batchCount = 0
  private var epochs = 0
  private var firstBatchAt: UInt64?
  private var firstBatchSamples = 0
  private var endedAt: UInt64 = 0
  private var cpuNanoseconds: UInt64 = 0
  private var failureCount = 0
  private var failures: [SampleFailure] = []

  /// The report names at most this many samples.
  private static let namedFailures = 255

  init(
    _ options: RunOptions, samplesPerEpoch: Int?, imageTensor: String?, metrics: MetricsFile?, processStart: UInt64
  ) {
    self.options = options
    self.imageTensor = imageTensor
    self.metrics = metrics
    self.processStart = processStart
    meter = ProgressMeter(epochs: options.epochs, samplesPerEpoch: samplesPerEpoch)
  }

  mutating func consume(_ batches: inout Batches) throws {
    if options.digest { digest = try SHA256() }
    let cpuStart = ResourceUsage.currentThreadCPUNanoseconds
    defer {
      cpuNanoseconds = ResourceUsage.currentThreadCPUNanoseconds - cpuStart
      endedAt = MonotonicClock.now
    }
    while epochs < options.epochs {
      while let batch = try batches.next() {
        if firstBatchAt == nil {
          firstBatchAt = MonotonicClock.now
          firstBatchSamples = batch.count
        }
        batchCount += 1
        samples += batch.count
        if let imageTensor, options.digest { try addToDigest(batch, imageTensor) }
        collectFailures(&batches)
        meter.update(epoch: batch.epoch, samples: samples, waitSeconds: batches.waitSeconds)
        try metrics?.updateIfDue(batches)
      }
      epochs += 1
    }
    collectFailures(&batches)
  }

  /// Writes the last metrics, where they are asked for.
  mutating func finishMetrics(_ batches: borrowing Batches) throws { try metrics?.update(batches) }

  /// Clears the progress line.
  mutating func close() { meter.close() }

  mutating func fill(_ report: inout RunReport, _ batches: inout Batches) {
    collectFailures(&batches)
    let seconds = { (nanoseconds: UInt64) in Double(nanoseconds) / 1e9 }
    let usage = batches.workerUsage
    report.samples = samples
    report.batches = batchCount
    report.epochs = epochs
    report.seconds = seconds(endedAt - processStart)
    if let firstBatchAt {
      report.firstBatchSeconds = seconds(firstBatchAt - processStart)
      report.rateIncludesStart = batchCount <= 2 * options.slots
      report.imagesPerSecond =
        report.rateIncludesStart
        ? Double(samples) / report.seconds
        : Double(samples - firstBatchSamples) / seconds(endedAt - firstBatchAt)
    }
    report.consumerWaitSeconds = batches.waitSeconds
    report.consumerCpuSeconds = seconds(cpuNanoseconds)
    // In the same process the worker's figure is that of all threads.
    report.workerCpuSeconds =
      options.placement == .sameProcess ? max(0, usage.cpuSeconds - seconds(cpuNanoseconds)) : usage.cpuSeconds
    report.workerPeakRssBytes = usage.peakResidentByteCount
    report.statistics = batches.statistics()
    report.stages = report.statistics.map(RunReport.Stage.init)
    report.bottleneck = CommandWords.of("\(verdict(of: report))")
    if options.partial == .drop, epochs == options.epochs, let decode = report.statistics.last {
      report.samplesDropped = decode.filteredCount
    }
    report.restarts = batches.restartCount
    report.failureCount = failureCount
    report.failures = failures.map { .init($0.error, epoch: $0.epoch, position: $0.position) }
    if let digest = digest.take() { report.imageSha256 = digest.finish() }
  }

  /// The trainer's wait and the processors' use are over the whole run, as the statistics are.
  private func verdict(of report: RunReport) -> BottleneckVerdict {
    let cpuSeconds = report.workerCpuSeconds + report.consumerCpuSeconds
    return BottleneckVerdict(
      of: report.statistics, threads: report.threads, waitShare: min(1, report.consumerWaitSeconds / report.seconds),
      processorShare: min(1, cpuSeconds / (report.seconds * Double(ProcessorCount.available))))
  }

  /// Only real samples count: rows of padding are left out.
  private mutating func addToDigest(_ batch: borrowing Batch, _ tensor: String) throws {
    let bytes = try batch.bytes(tensor)
    let rowSize = batch.rowCount == 0 ? 0 : bytes.byteCount / batch.rowCount
    digest?.update(bytes.extracting(0..<(rowSize * batch.count)))
  }

  private mutating func collectFailures(_ batches: inout Batches) {
    let report = batches.takeFailures()
    failureCount += report.count
    failures = Array((failures + report.newest).suffix(Self.namedFailures))
  }
}
