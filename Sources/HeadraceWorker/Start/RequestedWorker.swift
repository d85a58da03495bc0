import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// What the first worker of a loader does that was started by request: makes the pipeline, tells the consumer of it,
/// and runs it in the ring that it is given.
struct RequestedWorker {
  let request: StartRequest

  /// - Parameters:
  ///   - ranks: what lets its threads rank higher.
  ///   - supervisor: whose end is this one's.
  ///   - supervisorID: its number.
  /// - Returns: the exit status.
  func run(
    _ socket: borrowing MessageSocket, _ pool: PoolMemory?, _ ranks: RankKeeper?, _ supervisor: borrowing ProcessHandle,
    supervisorID: Int32
  ) -> Int32 {
    do throws(HeadraceError) {
      let factory = try request.makeFactory()
      let plan = try PipelinePlan(try factory.makeCheckedPipeline())
      if pool != nil { try plan.checkRemoteCalls() }
      let summary = StartReply.PipelineSummary(plan)
      let processes = StartReply.Processes(
        supervisor: supervisorID, worker: Int32(ProcessIdentity.current.processID))
      try reply(.ready(summary, processes), socket)
      guard let ring = try receiveRing(socket, supervisor) else { return 0 }
      try makeLoop(ring, factory, plan, WorkerBeginning(pool: pool, ranks: ranks)).run(
        lifeline: supervisor.descriptor.number)
      return 0
    } catch {
      refuse(error, socket)
      return 1
    }
  }

  func refuse(_ error: HeadraceError, _ socket: borrowing MessageSocket) {
    // A consumer that is gone needs no answer.
    try? reply(.refused(error), socket)
  }

  /// The pipeline in a process that calls its closures.
  ///
  /// - Throws: `invalidPipeline` when the factory has made another one than before; what it throws.
  func makePipeline(as summary: StartReply.PipelineSummary) throws(HeadraceError) -> BatchPipeline {
    let pipeline = try request.makeFactory().makeCheckedPipeline()
    guard pipeline.stages == summary.stages else { throw differs }
    return pipeline
  }

  private var differs: HeadraceError {
    HeadraceError(
      .invalidPipeline,
      "\(request.title).makePipeline() has made another pipeline in a process that joins or takes the place of one that"
        + " died, so it cannot go on there. What it makes must depend on its values alone.")
  }

  private func reply(_ reply: StartReply, _ socket: borrowing MessageSocket) throws(HeadraceError) {
    do {
      try socket.send(try JSONText.encode(reply))
    } catch {
      throw HeadraceError(.systemCall, "The worker could not answer.", cause: "\(error)")
    }
  }

  /// Nil: the consumer or the supervisor is gone.
  private func receiveRing(
    _ socket: borrowing MessageSocket, _ supervisor: borrowing ProcessHandle
  ) throws(HeadraceError) -> Ring? {
    if Poll.wait(socket.descriptor.number, supervisor.descriptor.number).second { return nil }
    do {
      guard var message = try socket.receive() else { return nil }
      let offer = try JSONText.decode(RingOffer.self, from: message.content)
      return try Ring(offer.geometry, from: &message)
    } catch let error as HeadraceError {
      throw error
    } catch {
      throw HeadraceError(.systemCall, "The worker could not take its ring.", cause: "\(error)")
    }
  }

  /// For a worker that takes the place of another.
  ///
  /// - Throws: `invalidPipeline` when the factory has made another pipeline than before; what it throws.
  func makeLoop(
    _ ring: Ring, _ summary: StartReply.PipelineSummary, _ beginning: WorkerBeginning
  ) throws(HeadraceError) -> WorkerLoop {
    let factory = try request.makeFactory()
    let plan = try PipelinePlan(try factory.makeCheckedPipeline())
    guard StartReply.PipelineSummary(plan) == summary else { throw differs }
    return try makeLoop(ring, factory, plan, beginning)
  }

  private func makeLoop(
    _ ring: Ring, _ factory: any PipelineFactory, _ plan: PipelinePlan, _ beginning: WorkerBeginning
  ) throws(HeadraceError) -> WorkerLoop {
    WorkerLoop(
      ring: ring, plan: plan, threads: request.terms.size.laneCount, epochLimit: request.terms.epochs,
      hooks: factory.hooks,
      reporting: factory.reporting, yields: request.terms.isolation.yields, beginning: beginning)
  }
}
