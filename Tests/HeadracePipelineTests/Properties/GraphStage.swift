import HeadracePipeline

/// One stage of a random graph.
struct GraphStage: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case map, asyncMap, compactMap, filter, tap
    case flatMap
    case microBatch(Int)
    case asyncMicroBatch(Int)
    case take(Int)
    case skip(Int)
    case shuffle(Int)
    case group(Int, PartialGroup)
    case unbatch
    case aggregate(Int)
    case `repeat`(Int)
    case prefetch(Int)
    /// Of what comes in and of one or more branches.
    case interleave(InterleavePattern, InterleaveStop, [GraphBranch])
    case merge([GraphBranch])
    /// Of what comes in and of a branch; a `map` behind it makes one sample of a pair.
    case zip(strict: Bool, GraphBranch)
    /// The stages of each path.
    case route([[GraphStage]])
  }

  let kind: Kind
  let name: String
  var concurrency: Concurrency = 1
  var ordering = Ordering.input
  var policy = FailurePolicy.raise
  var rule = FaultRule()

  /// The seed of a shuffle.
  var seed: UInt64 { UInt64(rule.salt) }

  /// The name of a route's path.
  static func pathName(_ path: Int) -> String { "p\(path)" }

  /// Whether samples behind it come in an order that depends on time, though those before it do not.
  var mixes: Bool {
    if ordering == .completion { return true }
    switch kind {
    case .merge: return true
    case .interleave(_, _, let branches): return branches.contains { $0.stages.contains(where: \.mixes) }
    case .zip(_, let branch): return branch.stages.contains(where: \.mixes)
    case .route(let paths): return paths.contains { $0.contains(where: \.mixes) }
    default: return false
    }
  }
}
