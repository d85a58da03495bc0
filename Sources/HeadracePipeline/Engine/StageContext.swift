import HeadraceCore

/// What every node of a run knows: its stage, where to count, whom to tell.
struct StageContext: Sendable {
  /// Place among the pipeline's stages.
  let index: Int
  /// Place as the scheduler knows it.
  let number: Int
  /// Whether the run is to be forgotten: see `PipelinePlan.init(trying:)`.
  let isTrial: Bool
  let description: StageDescription
  let metrics: StageMetrics
  /// What the stage keeps from one epoch to the next.
  let memory: StageMemory
  /// Where failed samples are kept; nil: nowhere.
  let quarantine: QuarantineWriter?
  let generation: Generation
  /// The number with which a source is opened, and by which orders at random are drawn: that of the epoch, or of a pass
  /// within it.
  let readerEpoch: Int
  let scheduler: Scheduler
  let alarm: Alarm
  let budget: ByteBudget?
  /// The edges of the graph between this stage and the end, and the stages.
  let edgesBehind: [Int]
  let stagesBehind: [Int]
  /// Whether a sample, by its position, is out already, so that nobody needs what the stage would make of it; nil: none
  /// is.
  let isOut: (@Sendable (_ position: Int) -> Bool)?
  /// What samples have to pass that may have ended an earlier process; nil where none has, and for stages whose closure
  /// other processes call.
  let gate: SuspectGate?
  /// What all stages may leave out together.
  let failureTotal: FailureTotal?
  let observer: (any RunObserver)?
  /// Told of what happens to a stage; nil: nobody wants to know.
  let stageHook: (@Sendable (StageEvent) -> Void)?
  /// Told of each call of a closure; nil: nobody wants to know.
  let taskHook: (@Sendable (TaskEvent) -> Void)?
  /// A source has nothing more to read; called once by each.
  let sourceHasEnded: @Sendable () -> Void
  /// Of a repeat: begins all stages before it anew, for the pass of this number. Returns where it takes from then on.
  let rebuild: @Sendable (_ pass: Int) -> HandoverQueue
  /// Ends the epoch with an outcome; called by the last stage.
  let complete: @Sendable (RunOutcome) -> Void

  /// How long a node works before it lets the scheduler choose again.
  static let sliceNanoseconds: UInt64 = 1_000_000

  var epoch: Int { generation.epoch }
  /// What a closure may know of the sample that it is called for.
  func sample(_ position: Int) -> SampleContext {
    SampleContext(epoch: readerEpoch, position: position, stage: description.name)
  }
  /// Nothing new may start.
  var isDraining: Bool { generation.isDraining }
  /// Samples that may be worked on at once, at this moment.
  var concurrency: Int {
    scheduler.concurrency(of: index)
  }

  /// The stage may have something to do.
  func signal() { scheduler.signal(number) }

  /// Signals the stage when the time has come.
  func signal(at due: UInt64) {
    alarm.call(at: due) { [weak scheduler, number] in scheduler?.signal(number) }
  }

  // MARK: Bytes

  /// Bytes of the stage's largest result in this run; nil: it has had none.
  var largestByteCount: Int? { metrics.largestByteCount }

  /// How many of `count` samples may be worked on, if each comes to `bytes`: see `ByteBudget.grant`.
  ///
  /// - Parameter leavesFirst: whether nothing that the stage makes leaves before what is made of these.
  func grant(_ count: Int, bytes: Int?, leavesFirst: Bool = true) -> Int {
    guard let budget else { return count }
    return budget.grant(count, bytes: bytes, to: number, of: generation.slot) {
      leavesFirst && generation.isEmpty(edges: edgesBehind, stages: stagesBehind)
    }
  }

  /// A sample is tried again later; `hold` it then.
  func postpone() {
    guard let budget else { return }
    for stage in budget.postpone(number, of: generation.slot) { scheduler.signal(stage) }
  }

  /// So many samples have been taken and are worked on, until `settle` says that they are not; nothing was granted for
  /// them, since what is made of them is not counted, or is the sample itself.
  func hold(_ count: Int) { budget?.hold(count, of: generation.slot) }

  /// What was made takes the place of what was granted for it. To be told before it is handed on: whoever takes it may
  /// be done with it at once, and what has left must not have been missing.
  func exchange(granted: Int, made: Int) {
    if granted != made { settle(released: granted, made: made) }
  }

  /// See `ByteBudget.settle`.
  func settle(_ count: Int = 0, bytes: Int = 0, released: Int, made: Int) {
    guard let budget else { return }
    for stage in budget.settle(
      count, bytes: bytes, released: released, made: made, stage: number, of: generation.slot)
    {
      scheduler.signal(stage)
    }
  }

  // MARK: Samples

  /// A lane turns to a sample.
  func begin(lane: Int, _ item: Item) {
    begin(lane: lane, position: item.position, label: item.label)
  }

  func begin(lane: Int, position: Int, label: SampleLabel? = nil) {
    observer?.begin(
      lane: lane, stage: index, name: description.name, epoch: epoch, position: position, sample: label?.id)
  }

  /// A lane wants to call the closure for a sample. `endCall` follows, but after a conviction.
  func beginCall(lane: Int, _ item: Item) -> CallTurn {
    if let error = conviction(of: item) { return .convicted(error) }
    return beginCall(lane: lane, position: item.position, label: item.label)
  }

  /// The same for a sample that may be called.
  func beginCall(lane: Int, position: Int, label: SampleLabel?) -> CallTurn {
    // Who waits is not at work.
    let isAlone = gate?.enter { observer?.end(lane: lane) } ?? false
    begin(lane: lane, position: position, label: label)
    return isAlone ? .alone : .free
  }

  /// Why the closure is not to be called for a sample; nil: it is.
  func conviction(of item: Item) -> HeadraceError? {
    gate?.conviction(stage: description.name, epoch: epoch, item).map(error)
  }

  /// The call is over.
  ///
  /// - Parameter isDone: whether the stage is done with the sample.
  func endCall(_ turn: CallTurn, lane: Int, _ position: Int, isDone: @autoclosure () -> Bool = true) {
    guard case .alone = turn else { return }
    // Before another's turn, so that the two are not found at work together.
    observer?.end(lane: lane)
    gate?.leave(stage: description.name, epoch: epoch, position: position, isDone: isDone())
  }

  private func error(of suspect: Suspect) -> HeadraceError {
    HeadraceError(
      .sampleCrashed,
      "Sample \(suspect.position) of epoch \(suspect.epoch) was at work in stage \"\(description.name)\" when the"
        + " worker died, \(HumanUnits.count(suspect.deaths, "time")), the last \(suspect.deathsAlone) with nothing else"
        + " at work, and is not tried again.", stage: description.name)
  }

  /// Tells of what has happened to the stage.
  func tell(_ phase: StageEvent.Phase) {
    stageHook?(StageEvent(stage: description.name, epoch: epoch, phase: phase))
  }

  /// A call begins; nil if nobody wants to know of its end.
  func beginTask(_ position: Int, _ label: SampleLabel? = nil) -> HookedTask? {
    taskHook.map { hook in
      let event = TaskEvent(
        stage: description.name, epoch: epoch, position: position, sample: label?.id, phase: .began)
      return HookedTask(event, hook)
    }
  }

  /// Tells of samples that were left out by a stage before, in order.
  func report(_ skipped: [SampleFailure]) {
    guard let observer else { return }
    for failure in skipped { observer.skipped(failure) }
  }

  /// What became of a sample for which the stage's closure threw `error`. Of several that were worked on together, each
  /// has failed.
  func outcome(_ error: any Error, of item: Item) -> Handover.Outcome {
    if let group = item.value as? ItemGroup { return .many(group.items.map { outcome(error, of: $0) }) }
    return .failed(failure(error, of: item))
  }

  /// The failure of a sample for which the stage's closure threw `error`. Keeps the sample if it is to be kept.
  func failure(_ error: any Error, of item: Item) -> SampleFailure {
    var failure = failure(error, position: item.position, label: item.label)
    if let problem = quarantine?.keep(failure, item.value, onKept: { metrics.recordQuarantined() }) {
      // Told with the first sample that could not be kept.
      let cause = failure.error.cause.map { "\($0); " } ?? ""
      failure.error.cause = "\(cause)not kept: \(problem.message)"
    }
    return failure
  }

  func failure(_ error: any Error, position: Int, label: SampleLabel?) -> SampleFailure {
    let sample = label?.id ?? SampleID(key: "sample \(position)")
    var wrapped: HeadraceError
    if let known = error as? HeadraceError {
      // Already says what and why; only the place is missing.
      wrapped = known
      wrapped.stage = known.stage ?? description.name
      wrapped.sample = known.sample ?? sample
    } else {
      wrapped = HeadraceError(
        .stageFailed, "Stage \"\(description.name)\" failed for sample \(position) of epoch \(epoch).",
        stage: description.name, sample: sample, cause: describe(error))
    }
    return SampleFailure(epoch: epoch, position: position, error: wrapped)
  }

  /// The error of a sample whose time is over.
  func timeoutError(position: Int, after taken: UInt64, limit: UInt64) -> HeadraceError {
    func text(_ nanoseconds: UInt64) -> String { HumanUnits.seconds(Double(nanoseconds) / 1e9) }
    return HeadraceError(
      .timedOut,
      "Stage \"\(description.name)\" has worked on sample \(position) of epoch \(epoch) for \(text(taken)), and"
        + " \(text(limit)) are allowed; raise its timeout, or look at what this sample waits for.",
      stage: description.name)
  }
}
