import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem
import Synchronization

/// A worker's main loop: runs epochs, answers requests, reports, and ends when told to or when nobody is left to tell.
///
/// The only place of a worker that waits for the other process: for the control signal, which the consumer and the run give, and for
/// the end of the lifeline, which is the death of the consumer's process.
final class WorkerLoop: Sendable {
  private enum Event: Sendable {
    case ended(RunOutcome)
    case rested
  }

  private let ring: Ring
  private let plan: PipelinePlan
  private let threads: Int
  private let epochLimit: Int?
  private let producer: RingProducer
  private let observer: RingObserver
  private let events = Mutex<[Event]>([])

  init(ring: Ring, plan: PipelinePlan, threads: Int, epochLimit: Int?) {
    self.ring = ring
    self.plan = plan
    self.threads = threads
    self.epochLimit = epochLimit
    producer = RingProducer(ring)
    observer = RingObserver(ring)
  }

  /// Runs until the consumer asks for a stop, or its process ends.
  ///
  /// - Parameter lifeline: a descriptor that reaches its end when the consumer's process does; -1 within that process.
  func run(lifeline: Int32) {
    // On a thread, so that neither the first batch nor a stop waits for the pages of the last slot.
    try? Thread.start(name: "headrace-pages") { [ring] in ring.populate(forWriting: true) }
    let report = RingReport(ring: ring, observer: observer)
    let sink = RingSink(producer) { report.writeIfDue() }
    var run: PipelineRun?
    // The run holds the sink, and the sink's callback the report: let go, or the ring outlives the loop.
    defer { report.run.withLock { $0 = nil } }
    var schedule = EpochSchedule(epochLimit: epochLimit)
    // When to look next for threads that are held up; nil while nothing is at work.
    var reliefDue: UInt64?
    while true {
      producer.drainControl()
      for event in takeEvents() {
        switch event {
        case .ended(let outcome):
          report.write()
          schedule.ended(outcome)
        case .rested:
          report.write()
          schedule.rested()
        }
      }
      switch schedule.next(requested: producer.requestedEpoch, stop: producer.isStopRequested) {
      case .start(let epoch):
        do throws(Errno) {
          if run == nil { run = try makeRun(sink, report) }
        } catch {
          schedule.ended(.failed(refusal(error)))
          schedule.rested()
          continue
        }
        ring.workerPhase = .running
        run?.start(
          epoch: epoch, onEnd: { [self] in post(.ended($0)) }, onRest: { [self] in post(.rested) })
        continue
      case .stopRun:
        run?.stop()
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
      // Not if another event came first.
      if reliefDue.map({ MonotonicClock.now >= $0 }) ?? true {
        reliefDue = run?.relieve() == true ? MonotonicClock.deadline(after: PipelineRun.relievePeriod) : nil
      }
      if Poll.wait(producer.controlDescriptor, lifeline, until: reliefDue).second { return }
    }
  }

  /// Says that the worker cannot run at all, in its first slot.
  func refuse(_ error: Errno) {
    ring.workerPhase = .stopping
    _ = publish(.failure(refusal(error), epoch: 0), sequence: 0)
  }

  /// The run, with its threads. Made for the first epoch, and again for the next as long as they are refused.
  private func makeRun(_ sink: RingSink, _ report: RingReport) throws(Errno) -> PipelineRun {
    let lanes = try LanePool(threads: threads) { name, body throws(Errno) in try Thread.start(name: name, body) }
    let run = PipelineRun(plan, sink: sink, lanes: lanes, observer: observer)
    report.run.withLock { $0 = run }
    return run
  }

  private func refusal(_ error: Errno) -> HeadraceError {
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
