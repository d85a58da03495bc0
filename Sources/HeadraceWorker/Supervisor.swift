import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// Watches the worker of one loader, and starts another where it dies: what the process between trainer and worker does
/// from its start to its end.
///
/// It has one thread and calls no code of the user's, so it can be forked at any time.
struct Supervisor {
  /// What its process is called, by which it is found.
  static let processName = "headrace-super"

  /// How the supervisor's process ends.
  enum Outcome: Int32 {
    /// Nothing is left to do.
    case done = 0
    /// The worker has died, and there will be no other; the ring tells how.
    case gaveUp = 1
    /// No worker could be forked.
    case refused = 2
  }

  let ring: Ring
  let signals: Signals
  let isolation: Isolation
  let restartLimit: Int
  /// Threads that a worker is to have.
  let threads: Int
  let stages: [StageDescription]
  /// What the worker shares with processes that call the stages' closures; nil: it calls them itself.
  let pool: PoolMemory?
  /// Where readers come and go; nil: the trainer alone reads.
  let readers: ReaderDesk?
  /// How long nothing may change while a reader waits; nil: for ever.
  let hangLimit: UInt64?
  /// What the processes say.
  let log: LogDesk
  /// The pipeline, in a process of the pool.
  let makePipeline: () throws(HeadraceError) -> BatchPipeline
  /// Makes what a worker does, in its process, for the first and for each that takes the place of another.
  let makeLoop: (WorkerBeginning) throws(HeadraceError) -> WorkerLoop

  /// - Parameters:
  ///   - trainer: whose end is this one's.
  ///   - first: the first worker, where that has been started.
  func run(_ trainer: borrowing ProcessHandle, first: consuming ChildProcess? = nil) -> Outcome {
    log.open(ring)
    let exits = ExitRecorder(ring, log)
    let memory = isolation.memoryLimit.map { MemoryWatch(limit: $0, callLimit: threads, pool: pool, exits) }
    let attendants =
      ([
        log, makeKeeper(exits), readers, readers.map { ReaderNotice(ring, log, path: $0.facts.readers.path) }, memory,
        hangLimit.map { limit in
          // With a pool each call has that limit by itself.
          HangWatch(ring, limit: pool == nil ? limit : limit.multipliedReportingOverflow(by: 2).partialValue, exits)
        },
      ] as [(any Attendant)?]).compactMap(\.self)
    // The log last: it tells what the others do.
    defer { for attendant in attendants.reversed() { attendant.loaderHasEnded() } }
    var schedule = RestartSchedule(limit: restartLimit)
    var ledger = SuspectLedger(stages)
    // The first worker stops by itself where it was told to before this turn.
    var isGiven = true
    while isGiven || !ring.isStopRequested {
      isGiven = false
      do throws(Errno) {
        for attendant in attendants { attendant.willStartWorker() }
        let worker =
          if let first = first.take() { first } else {
            try startWorker(ledger.suspects, threads: memory?.callLimit ?? threads)
          }
        ring.workerProcessID = Int(worker.processID)
        signals.started.signal()
        if let outcome = watch(worker, trainer, attendants, exits) { return outcome }
      } catch {
        // Of the first one the trainer is told by the end of this process; of a later one, the system may permit it
        // soon.
        if ring.workerDeath == nil { return .refused }
      }
      for attendant in attendants { attendant.workerHasEnded() }
      ledger.died(atWork: InFlightTable(ring).entries, epoch: ring.lastEpoch)
      // That it is known which sample does it is a step forward, too.
      let progress = ring.publishedCount + UInt64(ledger.convictedCount)
      guard case .restart(let pause) = schedule.died(publishedCount: progress) else { return .gaveUp }
      if pause > 0, let outcome = wait(pause, trainer, attendants) { return outcome }
    }
    return .done
  }

  /// Waits until the worker ends. Nil: it has died, and there may be another.
  private func watch(
    _ worker: consuming ChildProcess, _ trainer: borrowing ProcessHandle, _ attendants: [any Attendant],
    _ exits: ExitRecorder
  ) -> Outcome? {
    // Going away kills the worker and waits for its end.
    if case .outcome(let outcome) = wait(for: worker.descriptor.number, trainer, attendants) { return outcome }
    let status = worker.reap() ?? .unknown
    // It was told to, or has said in the ring why it could not begin.
    if ring.isStopRequested || ring.workerPhase == .stopping { return .done }
    exits.record(
      "worker", worker.processID, status, peakResidentByteCount: worker.peakResidentByteCount,
      work: InFlightTable(ring).entries)
    ring.workerDeath = WorkerDeath(
      count: (ring.workerDeath?.count ?? 0) + 1, processID: Int(worker.processID), status: status)
    return nil
  }

  /// Waits so long. Nil: there is something to go on for.
  private func wait(
    _ nanoseconds: UInt64, _ trainer: borrowing ProcessHandle, _ attendants: [any Attendant]
  ) -> Outcome? {
    let due = MonotonicClock.now + nanoseconds
    while true {
      // What the consumer says is for the next worker, which looks at all of it as it begins; but for a stop.
      ring.drainControl()
      if ring.isStopRequested { return .done }
      switch wait(for: ring.controlDescriptor, trainer, attendants, until: due) {
      case .outcome(let outcome): return outcome
      case .timedOut: return nil
      case .ready: continue
      }
    }
  }

  /// What a wait has come to.
  private enum WaitResult {
    case ready
    case timedOut
    /// There is nothing more to do.
    case outcome(Outcome)
  }

  /// Waits for a descriptor, or until `deadline`; meanwhile the attendants do what they have to.
  private func wait(
    for descriptor: Int32, _ trainer: borrowing ProcessHandle, _ attendants: [any Attendant],
    until deadline: UInt64? = nil
  ) -> WaitResult {
    let own = [descriptor, signals.end.descriptor.number, trainer.descriptor.number]
    while true {
      let due = attendants.compactMap(\.due).min() ?? .max
      let bound = min(deadline ?? .max, due)
      let ready = Poll.wait(
        anyOf: own + attendants.flatMap(\.descriptors), until: bound == .max ? nil : bound)
      if ready.contains(own[1]) || ready.contains(own[2]) { return .outcome(.done) }
      // First: what they do may depend on whether the worker lives.
      if ready.contains(descriptor) { return .ready }
      for attendant in attendants where !attendant.attend(ready) { return .outcome(.gaveUp) }
      if let deadline, MonotonicClock.now >= deadline { return .timedOut }
    }
  }

  private func makeKeeper(_ exits: ExitRecorder) -> PoolKeeper? {
    guard let pool else { return nil }
    return PoolKeeper(
      ring: ring, exits: exits, log: log, memory: pool, stages: stages, isolation: isolation, restartLimit: restartLimit
    ) {
      number, lifeline in
      readers?.letGoInChild()
      let process = PoolProcess(memory: pool, number: number, ring: ring, yields: isolation.yields)
      do throws(Errno) {
        try process.run(makePipeline, lifeline: lifeline)
        return 0
      } catch {
        return 1
      }
    }
  }

  private func startWorker(_ suspects: [Suspect], threads: Int) throws(Errno) -> ChildProcess {
    let isFirst = ring.workerDeath == nil
    func findPosition() throws(HeadraceError) -> StreamPosition? { isFirst ? nil : try ring.resume() }
    let pipe = log.makePipe()
    let worker = try ChildProcess(name: "headrace-worker") { supervisor in
      readers?.letGoInChild()
      if let pipe { PipedLog.begin(pipe) }
      log.letGoInChild()
      ring.forgetFile()
      let ranks = isolation.apply(isGoverned: pool == nil)
      // Where that is not known there is nothing to go on with: the consumer finds what it finds.
      let position: StreamPosition?
      do throws(HeadraceError) { position = try findPosition() } catch { return 1 }
      InFlightTable(ring).clear()
      do throws(HeadraceError) {
        try makeLoop(
          WorkerBeginning(
            position: position, pool: pool, suspects: suspects, callLimit: hangLimit,
            threads: pool == nil ? threads : nil, ranks: ranks)
        ).run(
          lifeline: supervisor.descriptor.number)
        return 0
      } catch {
        WorkerRefusal(ring: ring, position: position).publish(error, lifeline: supervisor.descriptor.number)
        return 1
      }
    } refusal: { error in
      WorkerRefusal(ring: ring, position: (try? findPosition()) ?? nil).publish(WorkerLoop.refusal(error, threads))
      return 1
    }
    log.listen(pipe, role: "worker", worker.processID)
    return worker
  }
}
