import HeadracePipeline

extension GraphStage: CustomStringConvertible {
  /// As a line of a program that a reader could try.
  var description: String {
    let common = "concurrency: \(concurrencyText), \(ordered)) { \(rule) }"
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
    case .repeat(let count): ".repeat(\(count), name: \"\(name)\")"
    case .prefetch(let count): ".prefetch(\(count))"
    case .interleave(let pattern, let stop, let branches):
      ".interleave(with: \(branches), .\(pattern), stop: .\(stop), name: \"\(name)\")"
    case .merge(let branches): ".merge(with: \(branches), name: \"\(name)\")"
    case .zip(let strict, let branch): ".zip(with: \(branch), strict: \(strict), name: \"\(name)\")"
    case .route(let paths): ".route(\"\(name)\", into: \(paths), \(ordered)) { \(rule) }"
    }
  }

  private var ordered: String { "ordering: .\(ordering), onFailure: \(policyText)" }

  private var concurrencyText: String {
    concurrency.isAutomatic ? ".automatic(upTo: \(concurrency.maximum ?? 0))" : "\(concurrency.count)"
  }

  private var policyText: String {
    let text =
      switch policy.tolerance {
      case .count(0): ".raise"
      case .count(let count): ".skip(upTo: \(count))"
      case .fraction(let fraction): ".skip(fraction: \(fraction))"
      }
    return policy.retries == 0 ? text : ".retry(times: \(policy.retries), backoff: .zero, then: \(text))"
  }
}
