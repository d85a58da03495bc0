import Headrace

/// Where the loader works while the trainer takes its steps.
enum NeighbourPlacement: String, CaseIterable {
  /// Nowhere: the steps that free data would give.
  case cached
  case sameProcess = "same-process"
  /// A process with the trainer's rank.
  case subprocess
  /// A process as `runPipelineInSubprocess` makes it unless told otherwise.
  case isolated = "subprocess-isolated"
  /// SPDL's subprocess, which Python starts.
  case spdl = "spdl-subprocess"

  func start(_ factory: NeighbourPipeline) throws -> Batches {
    try runPipelineInSubprocess(
      factory, slots: 8, placement: self == .sameProcess ? .sameProcess : .subprocess,
      isolation: self == .isolated ? .standard : .none)
  }
}
