import HeadraceCore

/// What every node of a run knows: its stage, where to count, whom to tell.
struct StageContext: Sendable {
  let index: Int
  let epoch: Int
  let description: StageDescription
  let metrics: StageMetrics
  let scheduler: Scheduler
  let observer: (any RunObserver)?
  /// Ends the run with an outcome; called by the last stage.
  let complete: @Sendable (RunOutcome) -> Void

  /// How long a node works before it lets the scheduler choose again.
  static let sliceNanoseconds: UInt64 = 1_000_000

  /// A lane turns to a sample.
  func begin(lane: Int, _ item: Item) {
    begin(lane: lane, position: item.position, label: item.label)
  }

  func begin(lane: Int, position: Int, label: SampleLabel? = nil) {
    observer?.begin(lane: lane, stage: index, name: description.name, position: position, sample: label?.id)
  }

  /// Tells of samples that were left out by the stage before, in order.
  func report(_ skipped: [SampleFailure]) {
    guard let observer else { return }
    for failure in skipped { observer.skipped(failure) }
  }

  /// The error of a sample for which the stage's closure threw `error`.
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
}
