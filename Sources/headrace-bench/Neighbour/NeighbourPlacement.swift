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
  /// None: in its place each processor is kept busy by a thread that gets only what nobody else wants (SCHED_IDLE), and
  /// only calculates. What that costs the trainer costs any loader that uses all that the machine has left.
  case idleLoops = "idle-loops"
  /// SPDL's subprocess, which Python starts.
  case spdl = "spdl-subprocess"

  func start(_ factory: NeighbourPipeline) throws -> Batches {
    try runPipelineInSubprocess(
      factory, slots: 8, placement: self == .sameProcess ? .sameProcess : .subprocess,
      isolation: self == .isolated ? .standard : .none)
  }
}
