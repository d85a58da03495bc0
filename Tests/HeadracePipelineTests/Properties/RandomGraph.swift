import HeadracePipeline
import HeadraceTestSupport

/// A pipeline of numbers that was made from a seed. What it has to give is told by `GraphModel`.
struct RandomGraph: CustomStringConvertible {
  let seed: Int
  let sourceCount: Int
  let unreadable: Set<Int>
  let sourcePolicy: FailurePolicy
  let stages: [GraphStage]
  let threads: Int
  let epochs: Int

  /// Arrays of arrays of arrays, and no deeper.
  private static let deepest = 3

  /// - Parameter mixed: whether stages may hand on results as they are completed. Then no stage behind the first such one
  ///   depends on the order, so that the samples that come out are still known, if not their order.
  init(seed: Int, mixed: Bool = false) {
    var random = SplitMix64(seed: seed &* 2 &+ (mixed ? 1 : 0))
    func among(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func chance(_ one: Int) -> Bool { among(1...one) == 1 }

    self.seed = seed
    sourceCount = [0, 1, among(2...20), among(10...60), among(60...250)].randomElement(using: &random)!
    let count = sourceCount
    unreadable = chance(5) ? Set((0..<among(1...3)).map { _ in among(0...max(0, count)) }) : []
    sourcePolicy = chance(2) ? .skip(upTo: among(0...2)) : .raise
    threads = among(1...4)
    epochs = among(1...2)

    func policy(retries: Bool, shares: Bool) -> FailurePolicy {
      let tolerance: FailurePolicy =
        switch among(0...(mixed || !shares ? 4 : 5)) {
        case 0: .raise
        case 1: .skip(upTo: among(0...5))
        case 5: .skip(upTo: [0.02, 0.1, 0.5, 1].randomElement(using: &random)!)
        default: .skip(upTo: 10_000)
        }
      return retries && chance(3) ? .retry(times: among(1...3), backoff: .zero, then: tolerance) : tolerance
    }
    func worker(_ kind: GraphStage.Kind, _ name: String) -> GraphStage {
      // Its shares are of results: see ShareOfSamplesTests.
      let isRetried = kind != .flatMap
      var stage = GraphStage(kind: kind, name: name)
      stage.concurrency = among(1...5)
      stage.policy = policy(retries: isRetried, shares: isRetried)
      stage.rule = FaultRule(
        salt: among(0...100_000), failsEach: [0, 0, among(2...8), among(20...200)].randomElement(using: &random)!,
        isFlakyEach: stage.policy.retries > 0 ? among(2...9) : 0, flakyCalls: stage.policy.retries,
        isNamed: chance(3))
      stage.ordering = mixed && chance(2) ? .completion : .input
      return stage
    }

    var stages: [GraphStage] = []
    var depth = 0
    var passes = 1
    var growth = 0
    for _ in 0..<among(1...8) {
      let name = "s\(stages.count)"
      let isMixed = stages.contains { $0.ordering == .completion }
      let stage: GraphStage? =
        switch among(0...17) {
        case 0, 1: worker(.map, name)
        case 2: worker(.asyncMap, name)
        case 3: worker(.compactMap, name)
        case 4: worker(.filter, name)
        case 5: worker(.tap, name)
        case 6, 7: growth < 2 ? worker(.flatMap, name) : nil
        case 8 where !isMixed: worker(.microBatch(among(1...9)), name)
        case 9 where !isMixed: worker(.asyncMicroBatch(among(1...9)), name)
        case 10 where !isMixed: GraphStage(kind: .take(chance(4) ? among(0...3) : among(0...200)), name: name)
        case 11 where !isMixed: GraphStage(kind: .skip(among(0...20)), name: name)
        case 12: GraphStage(kind: .shuffle(among(1...30)), name: name, rule: FaultRule(salt: among(0...1000)))
        case 13, 14:
          if depth > 0, chance(2) || isMixed {
            GraphStage(kind: .unbatch, name: name)
          } else if depth < Self.deepest, !isMixed {
            GraphStage(kind: .group(among(1...7), chance(3) ? .drop : .emit), name: name)
          } else {
            nil
          }
        case 15 where !isMixed:
          GraphStage(
            kind: .aggregate(among(1...6)), name: name, policy: policy(retries: false, shares: false),
            rule: FaultRule(salt: among(0...100_000), failsEach: [0, among(2...30)].randomElement(using: &random)!))
        case 16: passes < 4 ? GraphStage(kind: .repeat(among(1...3)), name: name) : nil
        case 17: GraphStage(kind: .prefetch(among(1...6)), name: name)
        default: nil
        }
      guard let stage else { continue }
      switch stage.kind {
      case .group: depth += 1
      case .unbatch: depth -= 1
      case .flatMap: growth += 1
      case .repeat(let count): passes *= count
      default: break
      }
      stages.append(stage)
    }
    for _ in 0..<depth { stages.append(GraphStage(kind: .unbatch, name: "s\(stages.count)")) }
    self.stages = stages
  }

  /// As a program that a reader could try.
  var description: String {
    let source =
      "// seed \(seed)\nPipeline(from: GraphSource(count: \(sourceCount), unreadable: \(unreadable.sorted())), onFailure: "
      + "\(sourcePolicy.tolerance))"
    return ([source] + stages.map { "  \($0)" } + ["  .run(threads: \(threads), epochs: \(epochs))"])
      .joined(separator: "\n")
  }

  // MARK: The pipeline

  var pipeline: Pipeline<Int> {
    let source = Pipeline(from: GraphSource(count: sourceCount, unreadable: unreadable), onFailure: sourcePolicy)
    var rest = stages[...]
    return Self.append(&rest, to: source)
  }

  /// Appends stages up to the `unbatch` that ends the arrays which this level consists of.
  private static func append<Element: Digestible>(
    _ rest: inout ArraySlice<GraphStage>, to start: Pipeline<Element>
  ) -> Pipeline<Element> {
    var pipeline = start
    while let stage = rest.first, stage.kind != .unbatch {
      rest.removeFirst()
      if case .group(let count, let partial) = stage.kind {
        let inner = append(&rest, to: pipeline.batch(count, partial: partial, name: stage.name))
        guard let end = rest.popFirst() else { preconditionFailure("arrays that nothing opens again") }
        pipeline = inner.unbatch(name: end.name)
      } else {
        pipeline = stage.appended(to: pipeline)
      }
    }
    return pipeline
  }
}
