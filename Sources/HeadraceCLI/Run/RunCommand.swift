import Headrace
import HeadraceSystem

/// `headrace run`: loads, consumes, reports.
enum RunCommand {
  static func run(_ words: [String]) throws -> Int32 {
    // Before this line the program was loaded and linked, on one thread: the CPU time of that is its duration.
    let processStart = MonotonicClock.now - ResourceUsage.current.cpuNanoseconds
    let arguments = try ParsedArguments(words, options: RunOptions.options, command: "run")
    if arguments.has("--help") {
      try StandardStream.output.write("\(RunOptions.help)")
      return 0
    }
    let options = try RunOptions(arguments)
    var report = RunReport()
    var failure: (any Error)?
    do {
      try load(options, processStart: processStart, &report)
    } catch let error as UsageError {
      throw error
    } catch let error as HeadraceError {
      failure = CommandWords.of(error)
      report.failures.append(.init(error, epoch: report.epochs, position: nil))
    } catch {
      failure = error
    }
    let emptiness = failure == nil ? EmptyRun(report, options) : nil
    report.error = (failure ?? emptiness).map { "\($0)" }
    if options.json {
      try StandardStream.output.write(JSON.line(report))
    } else if failure == nil {
      try StandardStream.output.write(report.text)
    }
    if let failure = failure ?? emptiness { throw failure }
    return 0
  }

  private static func load(_ options: RunOptions, processStart: UInt64, _ report: inout RunReport) throws {
    let threads = options.threads ?? max(1, ProcessorCount.available / (options.workers ?? 1))
    report.threads = threads
    report.workers = options.workers ?? 0
    report.slots = options.slots
    report.placement = options.placement.rawValue
    let metrics = try options.metrics.map { try MetricsFile($0) }
    let source = try InputSource(options.sources, limit: options.limit)
    report.filesLeftOut = LeftOutFiles.of(source.otherFileCounts)
    let images = try ImagePipeline(source, options, threads: threads * (options.workers ?? 1))
    report.tensors = images.tensors.map(RunReport.Tensor.init)
    report.lacksLabel = images.lacksLabel
    var batches = try runPipelineInSubprocess(
      images.pipeline, threads: threads, workers: options.workers, slots: options.slots, epochs: options.epochs,
      placement: options.placement, readers: options.readers)
    if options.readers != nil {
      var service = Service(options, metrics: metrics, processStart: processStart)
      return try service.serve(&batches, &report)
    }
    var consumer = Consumer(
      ConsumptionOptions(options), samplesPerEpoch: source.count, imageTensor: images.imageTensor, metrics: metrics,
      processStart: processStart)
    defer { consumer.close() }
    // The worker is forked, so a thread does no harm here. Where it is refused the figures are missing, nothing else.
    let monitor = try? batches.resourceMonitor().start(interval: .milliseconds(200))
    do {
      defer { if let summary = monitor?.stop().summary { report.add(summary) } }
      try consumer.consume(&batches)
    } catch {
      consumer.fill(&report, &batches)
      // The error that ended the run comes first.
      try? consumer.finishMetrics(batches)
      throw error
    }
    consumer.fill(&report, &batches)
    try consumer.finishMetrics(batches)
  }
}
