import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem
import Synchronization

/// A worker's main loop: runs epochs, answers requests, reports, and ends when told to or when nobody is left to tell.
///
/// The only place of a worker that waits for the other process: for the control signal, which the consumer and the run
/// give, and for the end of the lifeline, which is the death of the consumer's process.
final class WorkerLoop: Sendable {
  private enum Event: Sendable {
    case read(epoch: Int)
    case ended(epoch: Int, RunOutcome)
    case rested(epoch: Int)
  }

  private let ring: Ring
  private let plan: PipelinePlan
  private let threads: Int
  private let epochLimit: Int?
  private let hooks: RunHooks
  private let reporting: StatisticsReporting?
  private let yields: Bool
  /// The processes that call the stages' closures; nil: this one does.
  private let pool: ProcessPool?
  private let producer: RingProducer
  private let observer: RingObserver
  /// Samples that were at work when workers before this one died.
  private let suspects: [Suspect]
  /// Where another worker has left the stream; nil: nothing is out.
  private let position: StreamPosition?
  private let ranks: RankKeeper?
  private let events = Mutex<[Event]>([])

  /// - Parameters:
  ///   - threads: of this process; with a pool, one for each of the pool's.
  ///   - yields: whether its threads offer their processor to others after each piece of work, but while the consumer
  ///     waits.
  ///   - position: where another worker has left the stream.
  init(
    ring: Ring, plan: PipelinePlan, threads: Int, epochLimit: Int?, hooks: RunHooks = RunHooks(),
    reporting: StatisticsReporting? = nil, yields: Bool = false,
    beginning: WorkerBeginning = WorkerBeginning()
  ) {
    self.yields = yields
    pool = beginning.pool.map { ProcessPool($0, callLimit: beginning.callLimit) }
    position = beginning.position
    suspects = beginning.suspects
    ranks = beginning.ranks
    self.ring = ring
    self.plan = plan
    self.threads = beginning.threads ?? threads
    self.epochLimit = epochLimit
    self.hooks = hooks
    self.reporting = reporting
    producer = RingProducer(ring)
    observer = RingObserver(ring, after: position, log: beginning.log)
  }

  /// Runs until the consumer asks for a stop, or its process ends.
  ///
  /// - Parameter lifeline: a descriptor that reaches its end when the consumer's process does; -1 within that process.
  func run(lifeline: Int32) {
    ring.populateHeader()
    let pages = SlotPages(ring)
    let report = RingReport(ring: ring, observer: observer, pool: pool)
    let sink = RingSink(producer, after: position) {
      report.writeIfDue()
      pages.populate()
    }
    var run: PipelineRun?
    // The run holds the sink, and the sink's callback the report: let go, or the ring outlives the loop.
    defer {
      report.run.withLock { $0 = nil }
      // The process ends soon after this, and its threads with it.
      run?.endReports(timeout: .seconds(1))
    }
    var schedule = EpochSchedule(epochLimit: epochLimit, after: position, refusal: refusalToGoOn)
    while true {
      producer.drainControl()
      for event in takeEvents() {
        switch event {
        case .read(let epoch): schedule.read(epoch)
        case .ended(let epoch, let outcome):
          report.write()
          schedule.ended(epoch, outcome)
        case .rested(let epoch):
          report.write()
          schedule.rested(epoch)
        }
      }
      switch schedule.next(requested: producer.requestedEpoch, stop: producer.isStopRequested) {
      case .start(let epoch):
        do throws(Errno) {
          if run == nil { run = try makeRun(sink, report) }
        } catch {
          schedule.ended(epoch, .failed(Self.refusal(error, threads)))
          schedule.rested(epoch)
          continue
        }
        ring.workerPhase = .running
        if let run { start(run, epoch, isOpen: true) }
        continue
      case .prepare(let epoch):
        if let run { start(run, epoch, isOpen: false) }
        continue
      case .open(let epoch):
        ring.workerPhase = .running
        run?.open(epoch: epoch)
        continue
      case .stop(let epoch):
        run?.stop(epoch: epoch)
        continue
      case .publish(let message):
        if publish(message, sequence: sink.batchCount) {
          schedule.published()
          continue
        }
        ring.workerPhase = .waitingForSlot
      case .exit:
        ring.workerPhase = .stopping
        return
      case .wait:
        if schedule.isIdle { ring.workerPhase = .idle }
      }
      // A slot may have come back since the run found none.
      run?.sinkHasSpace()
      if Poll.wait(producer.controlDescriptor, lifeline).second { return }
    }
  }

  private func start(_ run: PipelineRun, _ epoch: Int, isOpen: Bool) {
    run.start(
      epoch: epoch, isOpen: isOpen, onSourceEnd: { [self] in post(.read(epoch: epoch)) },
      onEnd: { [self] in post(.ended(epoch: epoch, $0)) }, onRest: { [self] in post(.rested(epoch: epoch)) })
  }

  /// Why the epoch in which another worker has died is not gone on with; nil if it is.
  private var refusalToGoOn: HeadraceError? {
    guard let position, !position.isEnded, position.epochBatchCount > 0 else { return nil }
    guard
      let obstacle = plan.obstacleToRepeating(epoch: position.epoch)
        ?? (position.positions == nil ? "there was no memory to note which samples are out" : nil)
    else { return nil }
    let cause = ring.workerDeath.map { "\($0.status)" }
    return HeadraceError(
      .epochLost,
      "The worker \(cause ?? "ended"), and another cannot go on in epoch \(position.epoch): \(obstacle). The next epoch"
        + " is whole.",
      cause: cause)
  }

  /// The run, with its threads. Made for the first epoch, and again for the next as long as they are refused.
  private func makeRun(_ sink: RingSink, _ report: RingReport) throws(Errno) -> PipelineRun {
    ranks?.watch(ring) { [observer] in observer.tuned($0) }
    // While the consumer waits nobody has a better use for the processor.
    let mayYield: @Sendable () -> Bool = { [producer, ranks, yields] in
      guard producer.isConsumerWaiting else { return yields }
      ranks?.noticeWait()
      return false
    }
    let run = try PipelineRun(
      plan, sink: sink, threads: threads, transport: pool, suspects: suspects, observer: observer, hooks: hooks,
      rank: ranks, yields: yields || ranks != nil ? mayYield : nil)
    if let reporting { try run.report(reporting) }
    run.tune { [ring] in ring.consumerProgress }
    report.run.withLock { $0 = run }
    return run
  }

  /// Why a worker does not run that the system refuses its threads.
  static func refusal(_ error: Errno, _ threads: Int) -> HeadraceError {
    HeadraceError(
      .systemCall,
      "The worker could not start its \(threads) threads. Ask for fewer with threads:, or raise the limit on processes"
        + " (ulimit -u; in a container its limit on pids) or on memory (ulimit -v), since each thread has a stack.",
      cause: "\(error)")
  }

  private func publish(_ message: EpochSchedule.Message, sequence: Int) -> Bool {
    guard let claim = producer.tryClaim() else { return false }
    switch message {
    case .endOfEpoch(let epoch): claim.publishEndOfEpoch(epoch, sequence: sequence)
    case .failure(let error, let epoch): claim.publishFailure(error, epoch: epoch, sequence: sequence)
    }
    return true
  }

  private func post(_ event: Event) {
    events.withLock { $0.append(event) }
    producer.signalControl()
  }

  private func takeEvents() -> [Event] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
