import HeadracePipeline

/// One stage of a random graph.
struct GraphStage: Sendable, CustomStringConvertible {
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
  }

  let kind: Kind
  let name: String
  var concurrency = 1
  var ordering = Ordering.input
  var policy = FailurePolicy.raise
  var rule = FaultRule()

  /// The seed of a shuffle.
  var seed: UInt64 { UInt64(rule.salt) }

  var description: String {
    let common =
      "concurrency: \(concurrency), ordering: .\(ordering), onFailure: \(policyText)) { \(rule) }"
    return switch kind {
    case .map: ".map(\"\(name)\", \(common)"
    case .asyncMap: ".map(\"\(name)\", \(common) // async"
    case .compactMap: ".compactMap(\"\(name)\", \(common)"
    case .filter: ".filter(\"\(name)\", \(common)"
    case .tap: ".tap(\"\(name)\", \(common)"
    case .flatMap: ".flatMap(\"\(name)\", \(common)"
    case .microBatch(let count): ".microBatch(\"\(name)\", max: \(count), \(common)"
    case .asyncMicroBatch(let count): ".microBatch(\"\(name)\", max: \(count), \(common) // async"
    case .take(let count): ".take(\(count), name: \"\(name)\")"
    case .skip(let count): ".skip(\(count), name: \"\(name)\")"
    case .shuffle(let size): ".shuffle(size: \(size), seed: \(seed), name: \"\(name)\")"
    case .group(let count, let partial): ".batch(\(count), partial: .\(partial), name: \"\(name)\")"
    case .unbatch: ".unbatch(name: \"\(name)\")"
    case .aggregate(let count): ".aggregate(\"\(name)\", onFailure: \(policyText)) { \(count), \(rule) }"
    case .repeat(let count): ".repeat(\"\(name)\", \(count))"
    case .prefetch(let count): ".prefetch(\(count))"
    }
  }

  private var policyText: String {
    let text =
      switch policy.tolerance {
      case .count(0): ".raise"
      case .count(let count): ".skip(upTo: \(count))"
      case .share(let share): ".skip(upTo: \(share))"
      }
    return policy.retries == 0 ? text : ".retry(times: \(policy.retries), backoff: .zero, then: \(text))"
  }
}
