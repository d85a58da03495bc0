import HeadraceCore

/// Makes the failure of a sample, and keeps the sample if the stage's policy says so.
struct FailureHandler: Sendable {
  /// Where failed samples are kept; nil: nowhere.
  var keep: (@Sendable (SampleFailure, Item, StageContext) -> Void)?

  func outcome(_ error: any Error, of item: Item, _ stage: StageContext) -> Handover.Outcome {
    // Of several that were worked on together, each has failed.
    if let group = item.value as? ItemGroup {
      return .many(group.items.map { outcome(error, of: $0, stage) })
    }
    return .failed(failure(error, of: item, stage))
  }

  func failure(_ error: any Error, of item: Item, _ stage: StageContext) -> SampleFailure {
    let failure = stage.failure(error, of: item)
    keep?(failure, item, stage)
    return failure
  }
}
