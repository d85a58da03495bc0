import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// Runs a pipeline in a process of its own and returns its batches.
///
/// The worker is forked from this process, so closures of the pipeline may capture what they like; what they change
/// stays in the worker. That needs a process that has not yet used Dispatch, a `Task` or a thread: call this early in
/// `main`. The worker decodes into slots of shared memory, runs ahead until all are full, and ends with this process,
/// however that ends.
///
/// - Parameters:
///   - threads: threads that the stages share, 1 to 256; nil: as many as there are processors for the worker. With
///     `workers`, those of each.
///   - workers: processes beside the worker's that call the closures of `map`, `compactMap`, `filter`, `tap` and `batch`,
///     1 to 64, whose samples must be `Storable` then; nil: the worker calls them itself. A closure that ends its process
///     costs that one sample, and so does one that goes on after its `timeout`; see docs/starting.md for when to. Without
///     effect with `.sameProcess`.
///   - slots: batches that can exist at one time: being written, waiting, or held.
///   - slotByteCount: room of a slot in bytes; nil: what a full batch needs.
///   - epochs: epochs to run in all; nil: as many as are asked for.
///   - placement: `.sameProcess` runs the identical thing without the fork.
///   - hooks: called around stages and tasks, in the worker.
///   - reporting: when statistics are reported, and to whom, in the worker; nil: to nobody. `Batches.statistics()`
///     tells them here at any time.
///   - isolation: how the worker ranks below this process; without effect with `.sameProcess`.
///   - restarts: a worker that dies is replaced by another, which goes on at the next batch; so many in a row may die
///     before they have published anything. 0: a death is an error.
///   - readers: who reads the batches beside this process or in its place; nil: it alone.
///   - stopTimeout: how long a worker that is told to stop may take to finish what it is doing before it is killed.
/// - Throws: `invalidArgument` when `threads`, `epochs`, `isolation`, `restarts` or `readers` is out of range, or the path
///   of the readers is taken; `invalidPipeline`,
///   naming stage and mistake; what the source's check throws; `forkUnsafe`; `outOfMemory`;
///   `batchTooLarge` when a full batch does not fit into `slotByteCount`.
public func runPipelineInSubprocess(
  _ pipeline: BatchPipeline, threads: Int? = nil, workers: Int? = nil, slots: Int = 8, slotByteCount: Int? = nil,
  epochs: Int? = nil,
  placement: Placement = .subprocess, hooks: RunHooks = RunHooks(), reporting: StatisticsReporting? = nil,
  isolation: Isolation = .standard, restarts: Int = 5, readers: Readers? = nil, stopTimeout: Duration = .seconds(2)
) throws(HeadraceError) -> Batches {
  try checkRestarts(restarts)
  try readers?.check(placement)
  let isolation = placement == .subprocess ? try isolation.resolved() : .none
  let plan = try PipelinePlan(pipeline)
  let size = try LoaderSize(workers: workers, threads: threads, isolation, epochs: epochs)
  if workers != nil { try plan.checkRemoteCalls() }
  let geometry = try RingGeometry(
    slots: slots, slotByteCount: slotByteCount, batchSize: pipeline.spec.size, needed: plan.payloadByteCount,
    readers: readers)
  let ring = try Ring(geometry, hasReader: readers?.includesThisProcess ?? true)
  readers?.prepare(ring)
  let listening = try readers?.listen()
  func makeLoop(_ beginning: WorkerBeginning) -> WorkerLoop {
    WorkerLoop(
      ring: ring, plan: plan, threads: size.laneCount, epochLimit: epochs, hooks: hooks, reporting: reporting,
      yields: isolation.yields, beginning: beginning)
  }
  let worker: any Worker
  switch placement {
  case .subprocess:
    do throws(HeadraceError) {
      worker = try SupervisedWorker(
        ring: ring, isolation: isolation, restartLimit: restarts, size: size, stages: plan.stages,
        readers: readerDesk(
          listening, ring,
          readers.map { LoaderFacts(geometry: geometry, stages: plan.stages, epochLimit: epochs, readers: $0) }),
        path: readers?.path, makePipeline: { pipeline }, makeLoop: makeLoop)
    } catch {
      readers?.removeSocket()
      throw error
    }
    try keepToThisConsumer(ring)
  case .sameProcess:
    worker = try ThreadWorker(ring: ring, loop: makeLoop(WorkerBeginning()))
  }
  return Batches(
    ring: ring, worker: worker, startMethod: placement == .subprocess ? .fork : .sameProcess, stages: plan.stages,
    epochLimit: epochs, stopTimeout: stopTimeout, readers: readers,
    place: readers?.includesThisProcess ?? true ? 0 : nil)
}

/// Runs the pipeline that a factory makes in a process of its own and returns its batches.
///
/// After `bootstrap` the worker is forked by the fork server, so this works at any time, whatever threads, tasks and
/// memory this process has by then; without it, from this process, as long as that is cold. `Batches.startMethod` tells
/// which. The worker makes the pipeline; all else is as with a pipeline that is passed.
///
/// - Parameters:
///   - threads, workers: as with a pipeline that is passed; each process of the pool makes the pipeline.
///   - slots, slotByteCount, epochs, placement, isolation, restarts, readers, stopTimeout: as with a pipeline that is
///     passed.
///   - startTimeout: how long the factory may take to make the pipeline in the worker.
/// - Throws: As with a pipeline that is passed; what `makePipeline` throws; `invalidArgument` when the factory's type
///   cannot be found by name or its values not be encoded; `workerDied` when the worker ends while it makes the
///   pipeline; `timedOut`.
public func runPipelineInSubprocess<Factory: PipelineFactory>(
  _ factory: Factory, threads: Int? = nil, workers: Int? = nil, slots: Int = 8, slotByteCount: Int? = nil,
  epochs: Int? = nil,
  placement: Placement = .subprocess, isolation: Isolation = .standard, restarts: Int = 5, readers: Readers? = nil,
  stopTimeout: Duration = .seconds(2), startTimeout: Duration = .seconds(600)
) throws(HeadraceError) -> Batches {
  guard placement == .subprocess, let server = ForkServer.running else {
    // Before the pipeline is made, which may take a while.
    if placement == .subprocess { try SupervisedWorker.refuseWarmProcess(remedy: SupervisedWorker.remedy) }
    return try runPipelineInSubprocess(
      try factory.makeCheckedPipeline(), threads: threads, workers: workers, slots: slots,
      slotByteCount: slotByteCount, epochs: epochs, placement: placement, hooks: factory.hooks,
      reporting: factory.reporting, isolation: isolation,
      restarts: restarts, readers: readers, stopTimeout: stopTimeout)
  }
  try checkRestarts(restarts)
  try readers?.check(placement)
  var isolation = try isolation.resolved()
  // The server may run elsewhere than this process by now.
  if isolation.processors == .all { isolation.processors = .only(Set(ProcessorAffinity.allowed)) }
  let size = try LoaderSize(workers: workers, threads: threads, isolation, epochs: epochs)
  guard let directory = FileSystem.currentDirectory else {
    throw HeadraceError(
      .notFound, "The working directory is gone, so a worker cannot start there; change to another one.")
  }
  let request = try StartRequest(
    factory, size: size, epochs: epochs, isolation: isolation, restarts: restarts, directory: directory,
    readers: readers)
  let start = try ServedWorker.start(request, timeout: startTimeout) { summary throws(HeadraceError) in
    try RingGeometry(
      slots: slots, slotByteCount: slotByteCount, batchSize: summary.batchSize, needed: summary.payloadByteCount,
      readers: readers)
  } send: { text, descriptors throws(HeadraceError) in
    try server.send(text, descriptors)
  }
  try keepToThisConsumer(start.ring)
  return Batches(
    ring: start.ring, worker: start.worker, startMethod: .forkServer, stages: start.summary.stages, epochLimit: epochs,
    stopTimeout: stopTimeout, readers: readers, place: readers?.includesThisProcess ?? true ? 0 : nil)
}

private func checkRestarts(_ restarts: Int) throws(HeadraceError) {
  guard (0...1_000).contains(restarts) else {
    throw HeadraceError(.invalidArgument, "restarts: \(restarts) is not possible; it must be 0 to 1000.")
  }
}

private func readerDesk(
  _ listening: consuming ListeningSocket?, _ ring: Ring, _ facts: LoaderFacts?
) -> ReaderDesk? {
  guard let facts, let listening else { return nil }
  return ReaderDesk(listening, ring, facts)
}

private func keepToThisConsumer(_ ring: Ring) throws(HeadraceError) {
  // Readers ask the supervisor for it.
  ring.forgetFile()
  // From here on nobody in this process can change a batch.
  try ring.makeSlotsReadOnly()
  ring.populateHeader()
  // A worker that is forked later for another loader would keep this ring's memory for as long as it lives.
  try ring.excludeFromForks()
}

extension RingGeometry {
  /// - Parameters:
  ///   - slotByteCount: room of a slot that was asked for; nil: what a full batch needs.
  ///   - needed: bytes that a full batch needs.
  fileprivate init(
    slots: Int, slotByteCount: Int?, batchSize: Int, needed: Int, readers: Readers?
  ) throws(HeadraceError) {
    if let slotByteCount, slotByteCount < needed {
      throw HeadraceError(
        .batchTooLarge,
        "A slot holds \(HumanUnits.count(slotByteCount, "byte")), a batch of \(HumanUnits.count(batchSize, "sample")) needs"
          + " \(HumanUnits.count(needed)); raise slotByteCount or lower BatchSpec.size.")
    }
    try self.init(
      slotCount: slots, maximumRows: batchSize, payloadByteCount: slotByteCount ?? needed,
      readerCount: readers?.count ?? 1, sharing: readers?.sharing ?? .broadcast)
  }
}
