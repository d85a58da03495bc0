/// Where a pipeline runs. The consumer sees no difference.
public enum Placement: String, Sendable, Hashable, CaseIterable {
  /// In a forked child: the trainer's process has no thread of the loader.
  case subprocess
  /// On threads of this process: for the debugger, and to measure what isolation is worth.
  case sameProcess = "same-process"
}
