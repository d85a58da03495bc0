import HeadraceCore
import HeadracePipeline

/// Runs the pipeline that a factory makes in a process of its own and returns its batches.
///
/// After `bootstrap` the worker is forked by the fork server, so this works at any time, whatever threads, tasks and
/// memory this process has by then; without it, from this process, as long as that is cold. `Batches.startMethod` tells
/// which. The worker makes the pipeline; all else is as with a pipeline that is passed.
///
/// - Parameters:
///   - threads, workers: as with a pipeline that is passed; each process of the pool makes the pipeline.
///   - slots, slotByteCount, epochs, placement, isolation, restarts, hangLimit, readers, log, stopTimeout: as with a
///     pipeline that is passed.
///   - startTimeout: how long the factory may take to make the pipeline in the worker.
/// - Throws: As with a pipeline that is passed; what `makePipeline` throws; `invalidArgument` when the factory's type
///   cannot be found by name or its values not be encoded; `workerDied` when the worker ends while it makes the
///   pipeline; `timedOut`.
public func runPipelineInSubprocess<Factory: PipelineFactory>(
  _ factory: Factory, threads: Int? = nil, workers: Int? = nil, slots: Int = 8, slotByteCount: Int? = nil,
  epochs: Int? = nil,
  placement: Placement = .subprocess, isolation: Isolation = .standard, restarts: Int = 5, hangLimit: Duration? = nil,
  readers: Readers? = nil, log: LogDestination = .standardError,
  stopTimeout: Duration = .seconds(2), startTimeout: Duration = .seconds(600)
) throws(HeadraceError) -> Batches {
  guard placement == .subprocess, let server = ForkServer.running else {
    // Before the pipeline is made, which may take a while.
    if placement == .subprocess { try SupervisedWorker.refuseWarmProcess(remedy: SupervisedWorker.remedy) }
    return try runPipelineInSubprocess(
      try factory.makeCheckedPipeline(), threads: threads, workers: workers, slots: slots,
      slotByteCount: slotByteCount, epochs: epochs, placement: placement, hooks: factory.hooks,
      reporting: factory.reporting, isolation: isolation,
      restarts: restarts, hangLimit: hangLimit, readers: readers, log: log, stopTimeout: stopTimeout)
  }
  let terms = try LoaderTerms(
    threads: threads, workers: workers, epochs: epochs, isolation: isolation, restarts: restarts, hangLimit: hangLimit,
    readers: readers, log: log.target)
  return try RequestedLoader(
    terms: terms, log: log, slots: slots, slotByteCount: slotByteCount, stopTimeout: stopTimeout,
    startTimeout: startTimeout
  ).start(try StartRequest(factory, terms), .forkServer) { text, descriptors throws(HeadraceError) in
    try server.send(text, descriptors)
  }
}
