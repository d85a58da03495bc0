import Headrace
import HeadraceSystem

/// The trainer's side of `headrace run` and `headrace attach`: takes each batch, looks at it as far as asked for, and
/// gives it back.
struct Consumer: ~Copyable {
  private let options: ConsumptionOptions
  /// Over whose bytes the digest is; nil: the first of bytes that comes.
  private var imageTensor: String?
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
  private var tensors: [RunReport.Tensor]?
  private var failureCount = 0
  private var failures: [SampleFailure] = []

  /// The report names at most this many samples.
  private static let namedFailures = 255

  init(
    _ options: ConsumptionOptions, samplesPerEpoch: Int? = nil, imageTensor: String? = nil,
    metrics: MetricsFile? = nil, processStart: UInt64
  ) {
    self.options = options
    self.imageTensor = imageTensor
    self.metrics = metrics
    self.processStart = processStart
    meter = ProgressMeter(epochs: options.epochs ?? 0, samplesPerEpoch: samplesPerEpoch)
  }

  mutating func consume(_ batches: inout Batches) throws {
    if options.digest { digest = try SHA256() }
    let cpuStart = ResourceUsage.currentThreadCPUNanoseconds
    defer {
      cpuNanoseconds = ResourceUsage.currentThreadCPUNanoseconds - cpuStart
      endedAt = MonotonicClock.now
    }
    while batches.hasFurtherEpoch, options.epochs.map({ epochs < $0 }) ?? true {
      while let batch = try batches.next() {
        if firstBatchAt == nil {
          firstBatchAt = MonotonicClock.now
          firstBatchSamples = batch.count
          tensors = batch.tensors.map(RunReport.Tensor.init)
        }
        batchCount += 1
        samples += batch.count
        if options.digest { try addToDigest(batch) }
        collectFailures(&batches)
        meter.update(epoch: batch.epoch, samples: samples, waitSeconds: batches.waitSeconds)
        try metrics?.updateIfDue(batches)
        if batchCount == options.batchLimit { return collectFailures(&batches) }
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
    if report.tensors.isEmpty, let tensors { report.tensors = tensors }
    report.samples = samples
    report.batches = batchCount
    report.epochs = epochs
    report.seconds = seconds(endedAt - processStart)
    if let firstBatchAt {
      report.firstBatchSeconds = seconds(firstBatchAt - processStart)
      report.rateIncludesStart = batchCount <= 2 * report.slots
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
    // Of a loader that others read too, one reader's waits tell nothing.
    if options.placement != nil { report.bottleneck = CommandWords.of("\(verdict(of: report))") }
    if options.dropsShortBatches, epochs == options.epochs, let decode = report.statistics.last {
      report.samplesDropped = decode.filteredCount
    }
    report.restarts = batches.restartCount
    report.exits = batches.exits.map(RunExit.init)
    report.failureCount = failureCount
    report.failures = failures.map { .init($0.error, epoch: $0.epoch, position: $0.position) }
    if let digest = digest.take() { report.imageSha256 = digest.finish() }
  }

  /// The trainer's wait and the processors' use are over the whole run, as the statistics are.
  private func verdict(of report: RunReport) -> BottleneckVerdict {
    let cpuSeconds = report.workerCpuSeconds + report.consumerCpuSeconds
    return BottleneckVerdict(
      of: report.statistics, threads: report.threads ?? 1,
      waitShare: min(1, report.consumerWaitSeconds / report.seconds),
      processorShare: min(1, cpuSeconds / (report.seconds * Double(ProcessorCount.available))))
  }

  /// Only real samples count: rows of padding are left out.
  private mutating func addToDigest(_ batch: borrowing Batch) throws {
    if imageTensor == nil { imageTensor = batch.tensors.first { $0.dtype == .uint8 }?.name }
    guard let imageTensor else {
      throw HeadraceError(
        .noSuchTensor, "--digest is over images, and the batches have no tensor of bytes; leave it out.")
    }
    let bytes = try batch.bytes(imageTensor)
    let rowSize = batch.rowCount == 0 ? 0 : bytes.byteCount / batch.rowCount
    digest?.update(bytes.extracting(0..<(rowSize * batch.count)))
  }

  private mutating func collectFailures(_ batches: inout Batches) {
    let report = batches.takeFailures()
    failureCount += report.count
    failures = Array((failures + report.newest).suffix(Self.namedFailures))
  }
}
