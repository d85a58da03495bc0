/// What a governor is told of a fifth of a second.
struct RankLap: Hashable, Sendable {
  /// Of the time, what the trainer has waited for batches; of several readers, the one that has waited longest.
  var waitShare: Double
  /// Threads of the loader that were ready to run and had no processor, on average; nil where the kernel does not tell.
  var delayedThreads: Double?
  /// Processors that programs had which are neither loader nor trainer; nil where that is not known.
  var otherProcessors: Double?
}
