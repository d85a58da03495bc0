@testable import HeadracePipeline

extension Autotuner {
  /// What a run would print that has come to this.
  var frozenTuning: FrozenTuning {
    FrozenTuning(
      stages: stages.filter(\.isTunable).map {
        FrozenTuning.Stage(name: $0.stage.name, kind: $0.stage.kind, concurrency: $0.concurrency)
      })
  }

  /// The concurrency of the stages that may be changed, by name.
  var frozen: [String: Int] { frozenTuning.concurrency }
}
