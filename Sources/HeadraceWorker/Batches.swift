import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// The batches that a worker makes, epoch after epoch. Going away stops the worker.
///
/// ```swift
/// for epoch in 0..<10 {
///   while let batch = try batches.next() { train(batch) }   // nil: the epoch is over; the next call starts the next
/// }
/// ```
///
/// A loop that is left early gives nothing up: the next call of `next` goes on in the same epoch. To begin the
/// following epoch instead, call `skipRestOfEpoch`.
public struct Batches: ~Copyable, Sendable {
  private var consumer: RingConsumer
  private let worker: any Worker
  private let stages: [StageDescription]
  /// Epochs in all; nil: as many as are asked for.
  package let epochLimit: Int?
  private let stopTimeout: Duration
  private let owner = ProcessIdentity.current
  /// How the worker was started.
  public let startMethod: StartMethod
  /// The epoch that `next` returns batches of.
  public private(set) var epoch = 0
  /// Whether `next` has been called for this epoch.
  private var hasBegun = false
  private var mustRequest = false
  private var death: HeadraceError?
  private let destination: LogDestination
  /// Lines of the log that the handler has got.
  private var toldLineCount = 0
  /// Entries of the event log that were read.
  private var readEventCount = 0
  private var waitNanoseconds: UInt64 = 0
  /// Whether this process is to have batches.
  let isReader: Bool
  /// Who else is; nil: nobody.
  let sharedWith: Readers?
  /// Until when readers may be missing.
  private let startDeadline: UInt64?
  /// It has joined when others had begun: its first batch says which epoch it is in.
  private var isLate: Bool
  /// Whether the time that a stop may take is over.
  private var hasWaited = false

  /// - Parameters:
  ///   - readers: who else reads.
  ///   - place: that of this process; nil: it does not read.
  ///   - position: where it begins to look.
  init(
    ring: Ring, worker: any Worker, startMethod: StartMethod, stages: [StageDescription], epochLimit: Int?,
    stopTimeout: Duration, log: LogDestination = .inherited, readers: Readers? = nil, place: Int? = 0,
    position: UInt64 = 0
  ) {
    self.startMethod = startMethod
    consumer = RingConsumer(ring, reader: place ?? 0, after: position)
    isReader = place != nil
    sharedWith = readers
    startDeadline = readers.flatMap { MonotonicClock.deadline(after: $0.startTimeout) }
    isLate = position > 0
    self.worker = worker
    self.stages = stages
    self.epochLimit = epochLimit
    self.stopTimeout = stopTimeout
    destination = log
  }

  deinit {
    // A forked child has a copy of this, and the worker is not its own.
    guard owner == .current else { return }
    if startMethod == .attached {
      consumer.ring.sayLeaving()
      return
    }
    // The worker's own deinit, which follows, kills and reaps what has not ended by then.
    _ = waitForStop(hasWaited ? .zero : stopTimeout)
    _ = tellLog(from: toldLineCount)
  }

  /// Hands the handler what it has not got. Returns how many lines there are.
  private func tellLog(from first: Int) -> Int {
    guard case .handler(let handler) = destination else { return first }
    let count = consumer.ring.logLineCount
    guard count != first else { return first }
    for line in consumer.ring.logLines(from: first, upTo: count) { handler(line) }
    return count
  }

  /// Asks the worker to stop. Returns whether it has within the `stopTimeout` of the start.
  mutating func askToStop() -> Bool {
    // A reader that has joined leaves; the loader is not its own.
    if startMethod == .attached { return true }
    hasWaited = true
    return waitForStop(stopTimeout)
  }

  private func waitForStop(_ timeout: Duration) -> Bool {
    consumer.requestStop()
    return !Poll.wait(worker.endDescriptor, until: MonotonicClock.deadline(after: timeout)).timedOut
  }

  /// The next batch; nil at the end of an epoch, and for ever after the last one.
  ///
  /// Batches that are held keep their slots. When all slots are held nothing can arrive: that is an error after ten
  /// seconds, so that a loop that collects batches does not wait for itself. With several readers it is one once each
  /// that holds a batch waits in `next`, after 10 to 16 seconds. As long as one of them does something else, it may
  /// hold its batches, and the others wait.
  ///
  /// Bind the batch before its tensors are read (`if let batch = try batches.next()`): an optional chain through it,
  /// `next()?.tensor(...)`, crashes the compiler of Swift 6.3 in release builds.
  ///
  /// - Parameter timeout: how long to wait; nil waits until there is a batch, an end, or an error.
  /// - Throws: The worker's error, after the last good batch: `stageFailed`, `sourceFailed`, ...; the call after it
  ///   starts the next epoch. `epochLost`, where a worker died and no other can go on in that epoch; `workerDied`,
  ///   naming signal, stage and sample, where too many died, or the loader that was attached to has ended, now and at
  ///   every further call. `timedOut`: nothing is lost, call again; also where readers are missing that are to start
  ///   together. `invalidArgument` where this process is none of the readers.
  /// - Complexity: O(1); no system call when a batch is waiting.
  public mutating func next(timeout: Duration? = nil) throws(HeadraceError) -> Batch? {
    toldLineCount = tellLog(from: toldLineCount)
    if let death { throw death }
    guard isReader else { throw noReader }
    guard hasFurtherEpoch else { return nil }
    hasBegun = true
    if mustRequest {
      consumer.request(epoch: epoch)
      mustRequest = false
    }
    if let arrival = try takeReady() { return arrival.batch() }
    let start = MonotonicClock.now
    defer { waitNanoseconds += MonotonicClock.now - start }
    let deadline = timeout.flatMap { MonotonicClock.deadline(after: $0) }
    var stuckBefore: SlotHolders?
    while true {
      if let arrival = try takeReady() { return arrival.batch() }
      if let death { throw death }
      let missing = consumer.ring.missingReaderCount
      let end = min(deadline ?? .max, missing > 0 ? startDeadline ?? .max : .max)
      let bound = min(end, MonotonicClock.now + lookPeriod)
      defer { toldLineCount = tellLog(from: toldLineCount) }
      switch consumer.wait(death: worker.endDescriptor, until: bound) {
      case .ready: break
      case .producerEnded: death = describeDeath()
      case .timedOut:
        if missing > 0, bound == end, consumer.ring.missingReaderCount > 0 { throw missingReadersError }
        let holders = SlotHolders(consumer.ring)
        let isStuck = holders.areStuck(for: reader)
        // Twice, since who waits may give back a batch from another thread.
        if bound == deadline || isStuck && stuckBefore.map(holders.isAs) == true {
          throw timeoutError(after: MonotonicClock.now - start, holders, isStuck)
        }
        stuckBefore = isStuck ? holders : nil
      }
    }
  }

  /// How long `next` waits before it looks whether a slot can come back at all, and once more before it says so. Not
  /// the same for all readers, so that two of them do not look at each other while they look.
  private var lookPeriod: UInt64 { 5_000_000_000 + UInt64(reader) * 10_000_000 }

  /// What `next` has to report.
  private enum Arrival: ~Copyable {
    case batch(Batch)
    case endOfEpoch

    consuming func batch() -> Batch? {
      switch consume self {
      case .batch(let batch): batch
      case .endOfEpoch: nil
      }
    }
  }

  /// What has arrived, if anything. What belongs to an epoch that was given up goes back at once.
  private mutating func takeReady() throws(HeadraceError) -> Arrival? {
    while let delivery = try consumer.tryTake() {
      switch consume delivery {
      case .batch(let batch):
        if isLate { beginLate(in: batch.epoch) }
        if batch.epoch >= epoch { return .batch(batch) }
      case .endOfEpoch(let ended):
        guard ended >= epoch else { continue }
        goOn(to: ended + 1)
        // Of an epoch of which it has had nothing, and others everything, unless it was the last.
        if isLate && hasFurtherEpoch {
          hasBegun = true
          continue
        }
        return .endOfEpoch
      case .failure(let error, let failed):
        guard failed >= epoch else { continue }
        goOn(to: failed + 1)
        mustRequest = true
        // Its last word: it could not even begin, and is gone.
        if consumer.ring.workerPhase == .stopping { death = error }
        throw error
      }
    }
    return nil
  }

  private mutating func beginLate(in epoch: Int) {
    isLate = false
    self.epoch = max(epoch, self.epoch)
    consumer.note(epoch: self.epoch)
  }

  /// Gives up the rest of the epoch that `next` is in: the next call of `next` returns the first batch of the following
  /// one.
  ///
  /// Between epochs there is no rest, and nothing happens: before the first call of `next`, after it has returned nil
  /// or thrown the error that ended an epoch, and after another call of this. A loop that leaves an epoch early now and
  /// then can therefore call it after every epoch. When all batches were taken, but not yet the nil after them, what it
  /// gives up is that nil.
  ///
  /// The worker stays; it drops what it has begun. Batches that are held stay valid.
  ///
  /// An error that would have ended the epoch is given up with it.
  ///
  /// - Complexity: O(1); the worker is not waited for.
  public mutating func skipRestOfEpoch() {
    guard hasBegun else { return }
    goOn(to: epoch + 1)
    consumer.request(epoch: epoch)
  }

  /// The next call of `next` is for `epoch`.
  private mutating func goOn(to epoch: Int) {
    self.epoch = epoch
    hasBegun = false
  }

  /// Whether `next` can still return batches: false once the last of a limited number of epochs has ended.
  public var hasFurtherEpoch: Bool { epochLimit.map { epoch < $0 } ?? true }

  // MARK: What is known of the worker

  /// The statistics of the pipeline's stages, from the source to the batch.
  ///
  /// As of at most 50 ms ago while batches flow, exact once the end of an epoch has been seen. What the percentiles are
  /// of: see `StageStatistics`.
  public func statistics() -> [StageStatistics] {
    StatisticsBlock(consumer.ring).read()
  }

  /// What automatic concurrency has decided and why, the newest 63; empty where no stage is automatic.
  public var decisions: [TuningNote] { TuningLog(consumer.ring).read() }

  /// What automatic concurrency has come to, to be printed and written into the program. As new as `statistics()`.
  public var frozenTuning: FrozenTuning { FrozenTuning(stages, statistics()) }

  /// Samples that were skipped since the last call: their number, and the newest 255 of them by name.
  ///
  /// - Complexity: O(those that are named).
  public mutating func takeFailures() -> FailureReport {
    let log = EventLog(consumer.ring)
    // Looked at once: what is added meanwhile is neither counted nor named now.
    let written = log.writtenCount
    let newest = log.read(from: readEventCount, upTo: written)
    defer { readEventCount = written }
    return FailureReport(count: written - readEventCount, newest: newest)
  }

  /// What the worker has used so far.
  public var workerUsage: WorkerUsage { WorkerUsage(consumer.ring) }

  /// Seconds that `next` has waited for data since the start.
  public var waitSeconds: Double { Double(waitNanoseconds) / 1e9 }

  /// Number of the worker's process, which is another after a restart; nil with `.sameProcess`.
  public var workerProcessID: Int? { worker.processID }

  /// How often a worker, or a process of its pool, has died and was replaced.
  public var restartCount: Int {
    let deaths = (consumer.ring.workerDeath?.count ?? 0) + consumer.ring.poolDeathCount
    return death == nil ? deaths : max(0, deaths - 1)
  }

  /// How processes of the loader have ended that were not told to, the newest 256, the oldest of them first: with what
  /// was at work, peak memory, and why as far as it is known.
  public var exits: [WorkerExit] { consumer.ring.exits }

  /// Number of the process above the worker's; nil with `.sameProcess`.
  package var rootProcessID: Int? { worker.rootProcessID }

  func loaderHasEnded(until deadline: UInt64) -> Bool { Poll.wait(worker.endDescriptor, until: deadline).first }

  /// The place in the ring that `next` reads at.
  var reader: Int { consumer.reader }

  /// The ring that the batches lie in.
  package var ring: Ring { consumer.ring }

  // MARK: Errors

  mutating func describeDeath() -> HeadraceError {
    let ring = consumer.ring
    if startMethod == .attached, ring.workerDeath == nil || ring.isStopRequested {
      return HeadraceError(
        .workerDied,
        "The loader at \(sharedWith?.path ?? "") has ended: the process that started it has let go of it, or has ended."
      )
    }
    let doing = InFlightTable(ring).entries
    let phase = ring.workerPhase
    let status = worker.exitStatus()
    // The end of a worker is noted, where its supervisor is there to note it.
    let isSupervisors = ring.workerDeath == nil && worker.rootProcessID != nil
    var text = isSupervisors ? "The supervisor" : "The worker"
    // Where a pool has come to nothing, it was one of its processes.
    let id = isSupervisors ? worker.rootProcessID : ring.workerDeath?.processID ?? worker.processID
    if ring.workerDeath?.processID == 0, !isSupervisors {
      text = "No process of the pool could be forked any more"
    } else {
      if let id, id > 0 { text += " (process \(id))" }
      text += " " + (status.map(String.init(describing:)) ?? "ended")
    }
    if isSupervisors {
      text += ", and the worker"
      if let id = worker.processID, id > 0 { text += " (process \(id))" }
      text += " with it"
    }
    if let first = doing.first {
      text += " in stage \"\(first.stageName)\" at sample \(first.position)"
      if let key = first.key { text += " (\(key))" }
      if doing.count > 1 {
        text += "; \(doing.count - 1) more at work: "
        text += doing.dropFirst().prefix(4).map { "\"\($0.stageName)\" at \($0.key ?? String($0.position))" }
          .joined(separator: ", ")
      }
    } else {
      text += " while \(phase)"
    }
    text += "."
    if isSupervisors, status == nil {
      text += " Somebody has killed it, or it could not go on: look at \(SupervisedWorker.limits)."
    }
    if let deaths = ring.workerDeath?.count, deaths > 1 {
      text += " \(HumanUnits.count(deaths - 1, "worker")) before it had died too."
    }
    let exit = ring.exits.last { $0.processID == ring.workerDeath?.processID }
    let reason = exit?.reason
    if let reason { text += " Why: \(reason)." }
    if let last = exit?.log.last { text += " It said last: \(last)" + (last.last == "." ? "" : ".") }
    switch status {
    case .signaled(9) where reason == nil || reason == ExitRecorder.memoryReason:
      text +=
        " If nobody sent it, the kernel was out of memory (see dmesg): lower slots, concurrency or BatchSpec.size."
    case .signaled(4), .signaled(5):
      text +=
        " Swift ends a program so for an index out of range, an overflow or a nil that was unwrapped; a debug build"
        + " says which."
    case .exited where phase != .starting && !isSupervisors:
      text += " Code that it ran has called exit; a closure that cannot go on should throw an error: that arrives here."
    default: break
    }
    return HeadraceError(
      .workerDied, text, stage: doing.first?.stageName ?? phase.description,
      sample: doing.first.map { SampleID(key: $0.key ?? "sample \($0.position)") },
      cause: status.map(String.init(describing:)))
  }

  private var noReader: HeadraceError {
    HeadraceError(
      .invalidArgument,
      "This process has started the loader for others (Readers.includesThisProcess is false) and has no place among its"
        + " readers; attach to \(sharedWith?.path ?? "") instead.")
  }
}
