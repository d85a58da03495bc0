import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// Runs a pipeline in a process of its own and returns its batches.
///
/// The worker is forked from this process, so closures of the pipeline may capture what they like; what they change stays
/// in the worker. That needs a process that has not yet used Dispatch, a `Task` or a thread: call this early in `main`.
/// The worker decodes into slots of shared memory, runs ahead until all are full, and ends with this process, however
/// that ends.
///
/// - Parameters:
///   - threads: threads that the stages share, 1 to 256; nil: as many as there are processors for this process.
///   - slots: batches that can exist at one time: being written, waiting, or held.
///   - slotByteCount: room of a slot in bytes; nil: what a full batch needs.
///   - epochs: epochs to run in all; nil: as many as are asked for.
///   - placement: `.sameProcess` runs the identical thing without the fork.
///   - hooks: called around stages and tasks, in the worker.
///   - reporting: when statistics are reported, and to whom, in the worker; nil: to nobody. `Batches.statistics()` tells them
///     here at any time.
///   - restarts: a worker that dies is replaced by another, which goes on at the next batch; so many in a row may die before
///     they have published anything. 0: a death is an error.
///   - stopTimeout: how long a worker that is told to stop may take to finish what it is doing before it is killed.
/// - Throws: `invalidArgument` when `threads`, `epochs` or `restarts` is out of range; `invalidPipeline`, naming stage and mistake; what the source's check throws; `forkUnsafe`; `outOfMemory`;
///   `batchTooLarge` when a full batch does not fit into `slotByteCount`.
public func runPipelineInSubprocess(
  _ pipeline: BatchPipeline, threads: Int? = nil, slots: Int = 8, slotByteCount: Int? = nil, epochs: Int? = nil,
  placement: Placement = .subprocess, hooks: RunHooks = RunHooks(), reporting: StatisticsReporting? = nil,
  restarts: Int = 5, stopTimeout: Duration = .seconds(2)
) throws(HeadraceError) -> Batches {
  guard (0...1_000).contains(restarts) else {
    throw HeadraceError(.invalidArgument, "restarts: \(restarts) is not possible; it must be 0 to 1000.")
  }
  let plan = try PipelinePlan(pipeline)
  let threads = try PipelinePlan.threadCount(threads, epochs: epochs)
  let needed = plan.payloadByteCount
  if let slotByteCount, slotByteCount < needed {
    throw HeadraceError(
      .batchTooLarge,
      "A slot holds \(HumanUnits.count(slotByteCount, "byte")), a batch of \(HumanUnits.count(pipeline.spec.size, "sample"))"
        + " needs \(HumanUnits.count(needed)); raise slotByteCount or"
        + " lower BatchSpec.size.")
  }
  let geometry = try RingGeometry(
    slotCount: slots, maximumRows: pipeline.spec.size, payloadByteCount: slotByteCount ?? needed)
  let ring = try Ring(geometry)
  func makeLoop(after position: StreamPosition?) -> WorkerLoop {
    WorkerLoop(
      ring: ring, plan: plan, threads: threads, epochLimit: epochs, hooks: hooks, reporting: reporting, after: position)
  }
  let worker: any Worker
  switch placement {
  case .subprocess:
    worker = try SupervisedWorker(ring: ring, restartLimit: restarts, makeLoop: makeLoop)
    // From here on nobody in this process can change a batch.
    try ring.makeSlotsReadOnly()
    ring.populateHeader()
    // A worker that is forked later for another loader would keep this ring's memory for as long as it lives.
    try ring.excludeFromForks()
  case .sameProcess:
    worker = try ThreadWorker(ring: ring, loop: makeLoop(after: nil))
  }
  return Batches(ring: ring, worker: worker, stages: plan.stages, epochLimit: epochs, stopTimeout: stopTimeout)
}
