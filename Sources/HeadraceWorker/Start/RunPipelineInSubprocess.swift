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
///   - threads: threads that the stages share, 1 to 256; nil: as many as there are processors for the worker, divided
///     by `workers`. With `workers`, those of each.
///   - workers: processes beside the worker's that call the closures of `map`, `compactMap`, `filter`, `tap` and
///     `batch`, 1 to 64, whose samples must be `Storable` then; nil: the worker calls them itself. A closure that ends
///     its process costs that one sample, and so does one that goes on after its `timeout`; see docs/starting.md for
///     when to. Not with `.sameProcess`.
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
///   - hangLimit: how long a reader may wait while nothing changes, neither what is at work nor what is out, before the
///     worker is ended and replaced like one that has died; 10 ms or more, nil: for ever. A call of a pool may take as
///     long, where its stage has no `timeout`. Without effect with `.sameProcess`.
///   - readers: who reads the batches beside this process or in its place; nil: it alone.
///   - log: who gets what the processes of the loader say, see `LoaderLog`.
///   - stopTimeout: how long a worker that is told to stop may take to finish what it is doing before it is killed.
/// - Throws: `invalidArgument` when `threads`, `workers`, `epochs`, `isolation`, `restarts` or `readers` is out of
///   range, or the path of the readers is taken; `invalidPipeline`,
///   naming stage and mistake; what the source's check throws; `forkUnsafe`; `outOfMemory`;
///   `batchTooLarge` when a full batch does not fit into `slotByteCount`.
public func runPipelineInSubprocess(
  _ pipeline: BatchPipeline, threads: Int? = nil, workers: Int? = nil, slots: Int = 8, slotByteCount: Int? = nil,
  epochs: Int? = nil,
  placement: Placement = .subprocess, hooks: RunHooks = RunHooks(), reporting: StatisticsReporting? = nil,
  isolation: Isolation = .standard, restarts: Int = 5, hangLimit: Duration? = nil,
  readers: Readers? = nil, log: LogDestination = .standardError, stopTimeout: Duration = .seconds(2)
) throws(HeadraceError) -> Batches {
  try LoaderTerms.check(restarts: restarts)
  let hangLimit = try LoaderTerms.nanoseconds(hangLimit: hangLimit)
  try readers?.check(placement)
  try LoaderSize.check(workers: workers, placement)
  let isolation = placement == .subprocess ? try isolation.resolved() : .none
  let plan = try PipelinePlan(pipeline)
  let size = try LoaderSize(workers: workers, threads: threads, isolation, epochs: epochs)
  if workers != nil { try plan.checkRemoteCalls() }
  let geometry = try RingGeometry(
    slots: slots, slotByteCount: slotByteCount, batchSize: pipeline.spec.size, needed: plan.payloadByteCount,
    readers: readers)
  // The supervisor's copy is for readers, and for whoever looks; this process lets go of its own.
  let ring = try Ring(
    geometry, hasReader: readers?.includesThisProcess ?? true, keepsFile: placement == .subprocess,
    reservesLater: placement == .subprocess)
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
        ring: ring, isolation: isolation, restartLimit: restarts, hangLimit: hangLimit, size: size, stages: plan.stages,
        log: log.target,
        readers: readerDesk(
          listening, ring,
          readers.map { LoaderFacts(geometry: geometry, stages: plan.stages, epochLimit: epochs, readers: $0) }),
        path: readers?.path, makePipeline: { pipeline }, makeLoop: makeLoop)
    } catch {
      readers?.removeSocket()
      throw error
    }
    try ring.keepToThisConsumer()
  case .sameProcess:
    worker = try ThreadWorker(ring: ring, loop: makeLoop(WorkerBeginning(log: ThreadLog(ring, log.target))))
  }
  return Batches(
    ring: ring, worker: worker, startMethod: placement == .subprocess ? .fork : .sameProcess, stages: plan.stages,
    epochLimit: epochs, stopTimeout: stopTimeout, log: log, readers: readers,
    place: readers?.includesThisProcess ?? true ? 0 : nil)
}

private func readerDesk(
  _ listening: consuming ListeningSocket?, _ ring: Ring, _ facts: LoaderFacts?
) -> ReaderDesk? {
  guard let facts, let listening else { return nil }
  return ReaderDesk(listening, ring, facts)
}
