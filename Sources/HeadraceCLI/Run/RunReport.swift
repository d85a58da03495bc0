import Headrace

/// What `headrace run` found out. Its properties are the keys of the JSON object, in camelCase; docs/cli.md lists them.
struct RunReport: Encodable {
  struct Tensor: Encodable {
    let name: String
    let dtype: String
    /// Of one sample; empty for a scalar.
    let shape: [Int]

    init(_ spec: TensorSpec) {
      name = spec.name
      dtype = "\(spec.dtype)"
      shape = spec.shape
    }

    init(_ tensor: BatchTensor) {
      name = tensor.name
      dtype = "\(tensor.dtype)"
      shape = Array(tensor.shape.dropFirst())
    }
  }

  /// One of the processes that read the same loader, by place.
  struct Reader: Encodable {
    let place: Int
    let batches: Int
    let batchesPerSecond: Double
    let waitSeconds: Double

    init(_ status: ReaderStatus, seconds: Double) {
      place = status.place
      batches = status.takenCount
      batchesPerSecond = seconds > 0 ? Double(status.takenCount) / seconds : 0
      waitSeconds = status.waitSeconds
    }
  }

  struct Stage: Encodable {
    let name: String
    let concurrency: Int
    let tasks: Int
    let failures: Int
    let filtered: Int
    let tasksPerSecond: Double
    let taskSecondsMean: Double
    let taskSecondsP50: Double
    let taskSecondsP90: Double
    let taskSecondsP99: Double
    let busy: Double
    let blocked: Double
    let starved: Double
    let retries: Int
    let timeouts: Int
    let quarantined: Int
    let queueItems: Int
    let queueBytes: Int
    let queueItemsPerSecond: Double
    let queueBytesPerSecond: Double
    let putSecondsMean: Double
    let putSecondsP90: Double
    let putSecondsP99: Double
    let getSecondsMean: Double
    let getSecondsP90: Double
    let getSecondsP99: Double
    let queueSecondsMean: Double
    let occupancy: Double

    init(_ stage: StageStatistics) {
      name = stage.name
      concurrency = stage.concurrency
      tasks = stage.taskCount
      failures = stage.failureCount
      filtered = stage.filteredCount
      tasksPerSecond = stage.tasksPerSecond
      taskSecondsMean = stage.meanTaskSeconds
      taskSecondsP50 = stage.taskSecondsP50
      taskSecondsP90 = stage.taskSecondsP90
      taskSecondsP99 = stage.taskSecondsP99
      busy = stage.busy
      blocked = stage.blocked
      starved = stage.starved
      retries = stage.retryCount
      timeouts = stage.timeoutCount
      quarantined = stage.quarantinedCount
      queueItems = stage.output.itemCount
      queueBytes = stage.output.byteCount
      queueItemsPerSecond = stage.output.itemsPerSecond
      queueBytesPerSecond = stage.output.bytesPerSecond
      putSecondsMean = stage.output.meanPutSeconds
      putSecondsP90 = stage.output.putSecondsP90
      putSecondsP99 = stage.output.putSecondsP99
      getSecondsMean = stage.output.meanGetSeconds
      getSecondsP90 = stage.output.getSecondsP90
      getSecondsP99 = stage.output.getSecondsP99
      queueSecondsMean = stage.output.meanQueueSeconds
      occupancy = stage.output.occupancy
    }
  }

  struct Failure: Encodable {
    let epoch: Int
    let position: Int?
    let code: String
    let message: String
    let stage: String?
    let sample: String?
    let path: String?
    let offset: Int?
    let cause: String?

    init(_ error: HeadraceError, epoch: Int, position: Int?) {
      self.epoch = epoch
      self.position = position
      code = "\(error.code)"
      let message = CommandWords.of(error).message
      self.message = position == nil ? message : CommandWords.ofLeftOut(message)
      stage = error.stage
      sample = error.sample?.key
      path = error.sample?.path
      offset = error.sample?.offset
      cause = error.cause
    }
  }

  var samples = 0
  var batches = 0
  var epochs = 0
  var seconds = 0.0
  /// Without the first batch, which pays for the start, unless there were few batches; nil without any.
  var imagesPerSecond: Double?
  /// For the table alone: batches that wait in slots when the first is taken cost the consumer nothing, so the time
  /// after the first of a few batches is that of taking them. Up to two rings' worth, the rate is that of the whole
  /// run.
  var rateIncludesStart = false
  var firstBatchSeconds: Double?
  var consumerWaitSeconds = 0.0
  var consumerCpuSeconds = 0.0
  var workerCpuSeconds = 0.0
  var workerPeakRssBytes = 0
  /// What the resource monitor saw; nil where the system does not tell, or refused the monitor's thread.
  var workerCpuPercentMean: Double?
  var workerCpuPercentPeak: Double?
  var workerPeakPssBytes: Int?
  var workerDiskReadBytes: Int?
  /// Workers that have died and were replaced.
  var restarts = 0
  /// The newest of those.
  var exits: [RunExit] = []
  var placement = ""
  /// Nil where the loader is another process's.
  var threads: Int? = 0
  /// Processes that decode beside the worker; 0: it does itself.
  var workers = 0
  /// The place among the readers of another process's loader.
  var place: Int?
  /// Who has read, where this process only serves.
  var readers: [Reader]?
  var slots = 0
  var tensors: [Tensor] = []
  /// For the table alone: no label was asked for and the first sample has none.
  var lacksLabel = false
  var filesLeftOut: [LeftOutFiles] = []
  /// Samples of short last batches that `--partial drop` left out; nil without it and when the run did not end well.
  var samplesDropped: Int?
  var stages: [Stage] = []
  var statistics: [StageStatistics] = []
  /// What limits the run, and what to change; nil if it ended before there were statistics.
  var bottleneck: String?
  /// Samples that were left out, in all; `failures` names the newest of them, and the error that ended the run.
  var failureCount = 0
  var failures: [Failure] = []
  /// The error that ended the run, or why it delivered no sample.
  var error: String?
  var imageSha256: String?

  private enum CodingKeys: String, CodingKey {
    case samples, batches, epochs, seconds, imagesPerSecond, firstBatchSeconds, consumerWaitSeconds
    case consumerCpuSeconds, workerCpuSeconds, workerPeakRssBytes, workerCpuPercentMean, workerCpuPercentPeak
    case workerPeakPssBytes, workerDiskReadBytes, restarts, exits, placement, threads, workers, slots, tensors,
      filesLeftOut
    case samplesDropped, place, readers, stages, bottleneck, failureCount, failures, error, imageSha256
  }

  private static let valueColumn = 22

  /// A name and its value. A word that would pass the last column, such as a digest, begins further to the left.
  private static func row(_ name: String, _ value: String) -> String {
    let longestWord = value.split(separator: " ").map(\.count).max() ?? 0
    let column = min(valueColumn, max(name.count + 2, WrappedText.columns - longestWord))
    return name + String(repeating: " ", count: column - name.count) + WrappedText.of(value, indent: column) + "\n"
  }

  mutating func add(_ resources: ResourceSummary) {
    workerCpuPercentMean = resources.meanCPUPercent
    workerCpuPercentPeak = resources.peakCPUPercent
    workerPeakPssBytes = resources.peakPSSByteCount
    workerDiskReadBytes = resources.diskReadByteCount
  }

  private var workerResources: String {
    var parts: [String] = []
    if let workerCpuPercentMean, let workerCpuPercentPeak {
      let shares = [workerCpuPercentMean, workerCpuPercentPeak].map { HumanUnits.share($0 / 100) }
      parts.append("CPU \(shares[0]) (peak \(shares[1]))")
    }
    if let workerPeakPssBytes { parts.append("PSS \(HumanUnits.bytes(workerPeakPssBytes))") }
    if let workerDiskReadBytes { parts.append("\(HumanUnits.bytes(workerDiskReadBytes)) from disk") }
    return parts.joined(separator: ", ")
  }

  /// The report for a person.
  var text: String {
    var text = Self.row(
      "samples",
      "\(HumanUnits.count(samples)) in \(HumanUnits.count(batches, "batch", plural: "batches")),"
        + " \(HumanUnits.count(epochs, "epoch"))")
    if let samplesDropped, samplesDropped > 0 {
      text += Self.row("samples dropped", "\(HumanUnits.count(samplesDropped)), short of a last batch (--partial drop)")
    }
    if !filesLeftOut.isEmpty {
      text += Self.row("files left out", PrintableText.line(filesLeftOut.map(\.text).joined(separator: ", ")))
    }
    if !tensors.isEmpty {
      let names = tensors.map { "\($0.name) \($0.dtype)\($0.shape)" }.joined(separator: ", ")
      text += Self.row(
        "tensors", PrintableText.line(names) + (lacksLabel ? "; no label: the first sample lacks cls" : ""))
    }
    text += Self.row("total time", HumanUnits.seconds(seconds))
    if let imagesPerSecond {
      let remark = rateIncludesStart ? ", the start included: there were few batches" : ""
      // 99.95 would be rounded to 100.0.
      let places = imagesPerSecond < 99.95 ? 1 : 0
      text += Self.row("images per second", HumanUnits.decimal(imagesPerSecond, places: places) + remark)
    }
    if let firstBatchSeconds {
      text += Self.row("first batch after", HumanUnits.seconds(firstBatchSeconds))
    }
    for reader in readers ?? [] {
      let rate = HumanUnits.decimal(reader.batchesPerSecond, places: 1)
      text += Self.row(
        "reader \(reader.place)",
        "\(HumanUnits.count(reader.batches, "batch", plural: "batches")), \(rate)/s, waited"
          + " \(HumanUnits.seconds(reader.waitSeconds))")
    }
    if readers == nil {
      text += Self.row("consumer waited", HumanUnits.seconds(consumerWaitSeconds))
      text += Self.row("consumer CPU", HumanUnits.seconds(consumerCpuSeconds))
    }
    text += Self.row("worker CPU", HumanUnits.seconds(workerCpuSeconds))
    text += Self.row("worker peak memory", HumanUnits.bytes(workerPeakRssBytes))
    if !workerResources.isEmpty { text += Self.row("worker resources", workerResources) }
    if restarts > 0 {
      text += Self.row("worker restarts", "\(HumanUnits.count(restarts)): it died, and another went on")
    }
    for exit in exits.suffix(5) { text += Self.row("  ended", PrintableText.line(exit.line)) }
    if let imageSha256 { text += Self.row("image sha256", imageSha256) }
    text += "\n\(StatisticsTable(statistics, verdict: nil))\n"
    if let bottleneck { text += "\n\(WrappedText.of("bottleneck: \(bottleneck)"))\n" }
    let named = failures.filter { $0.position != nil }
    if failureCount > 0 {
      text +=
        "\n\(HumanUnits.count(failureCount, "sample was", plural: "samples were")) left out, as --max-failures allows"
      text += named.count < failureCount ? "; the last \(named.count) of them:\n" : ":\n"
    }
    for failure in named {
      let sample = SampleID(key: failure.sample ?? "?", path: failure.path, offset: failure.offset)
      let line =
        "epoch \(HumanUnits.count(failure.epoch)), position \(failure.position ?? 0), \(sample): \(failure.message)"
      text += "  \(PrintableText.line(line))\n"
    }
    return text
  }
}
