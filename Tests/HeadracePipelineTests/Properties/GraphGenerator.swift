import HeadracePipeline
import HeadraceTestSupport

/// Makes the parts of random graphs, one after the other.
struct GraphGenerator {
  /// Where stages stand.
  enum Place {
    case trunk
    /// Beside the trunk, up to a stage that joins both.
    case branch
    /// Between a route and its join.
    case path
  }

  /// Whether stages may hand on results as they are completed.
  private let mixed: Bool
  private var random: SplitMix64
  private var stageCount = 0
  private var originCount = 0
  /// Stages that multiply samples.
  private var growth = 0
  /// Stages that join or branch.
  private var joinCount = 0

  /// Arrays of arrays of arrays, and no deeper.
  private static let deepest = 3

  init(seed: Int, mixed: Bool) {
    self.mixed = mixed
    random = SplitMix64(seed: seed &* 2 &+ (mixed ? 1 : 0))
  }

  mutating func among(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  mutating func chance(_ one: Int) -> Bool { among(1...one) == 1 }
  private mutating func one<Value>(of values: [Value]) -> Value { values[among(0...(values.count - 1))] }

  mutating func origin(depth: Int = 0) -> GraphOrigin {
    let counts = [0...0, 1...1, 2...20, 10...60, 60...250]
    let count = among(one(of: counts))
    let unreadable = chance(5) ? Set((0..<among(1...3)).map { _ in among(0...count) }) : []
    let policy: FailurePolicy = chance(2) ? .skip(upTo: among(0...2)) : .raise
    let number = originCount
    originCount += 1
    return GraphOrigin(
      name: number == 0 ? "source" : "source\(number)", count: count, unreadable: unreadable, policy: policy,
      depth: depth, first: number * 1_000_000)
  }

  /// - Parameters:
  ///   - place: where they stand.
  ///   - base: how deep in arrays the numbers are that come to them.
  ///   - isMixed: whether those come in an order that depends on time. Then no stage depends on it.
  mutating func chain(_ count: Int, at place: Place, depth base: Int = 0, isMixed: Bool = false) -> [GraphStage] {
    var stages: [GraphStage] = []
    var depth = base
    var passes = 1
    for _ in 0..<count {
      let isMixed = isMixed || stages.contains(where: \.mixes)
      let stage: GraphStage? =
        switch among(0...24) {
        case 13, 14:
          if depth > base, chance(2) || isMixed {
            named(.unbatch)
          } else if depth < Self.deepest, !isMixed {
            named(.group(among(1...7), chance(3) ? .drop : .emit))
          } else {
            nil
          }
        case 16: place != .path && passes < 4 ? named(.repeat(among(1...3))) : nil
        case 18...21: place == .path ? nil : join(depth, isMixed: isMixed)
        case 22...24: route(depth, isMixed: isMixed)
        case let kind: simple(kind, isMixed: isMixed)
        }
      guard let stage else { continue }
      switch stage.kind {
      case .group: depth += 1
      case .unbatch: depth -= 1
      case .repeat(let count): passes *= count
      default: break
      }
      stages.append(stage)
    }
    for _ in base..<depth { stages.append(named(.unbatch)) }
    return stages
  }

  private mutating func named(_ kind: GraphStage.Kind) -> GraphStage {
    defer { stageCount += 1 }
    return GraphStage(kind: kind, name: "s\(stageCount)")
  }

  // MARK: One input and one output

  private mutating func simple(_ kind: Int, isMixed: Bool) -> GraphStage? {
    switch kind {
    case 0, 1: return worker(.map)
    case 2: return worker(.asyncMap)
    case 3: return worker(.compactMap)
    case 4: return worker(.filter)
    case 5: return worker(.tap)
    case 6, 7:
      guard growth < 2 else { return nil }
      growth += 1
      return worker(.flatMap)
    case 8 where !isMixed: return worker(.microBatch(among(1...9)))
    case 9 where !isMixed: return worker(.asyncMicroBatch(among(1...9)))
    case 10 where !isMixed: return named(.take(chance(4) ? among(0...3) : among(0...200)))
    case 11 where !isMixed: return named(.skip(among(0...20)))
    case 12:
      var stage = named(.shuffle(among(1...30)))
      stage.rule.salt = among(0...1000)
      return stage
    case 15 where !isMixed:
      var stage = named(.aggregate(among(1...6)))
      stage.policy = policy(retries: false)
      stage.rule = FaultRule(salt: among(0...100_000), failsEach: one(of: [0, among(2...30)]))
      return stage
    case 17: return named(.prefetch(among(1...6)))
    default: return nil
    }
  }

  private mutating func worker(_ kind: GraphStage.Kind) -> GraphStage {
    var stage = named(kind)
    stage.concurrency = chance(8) ? .automatic(upTo: among(1...5)) : .fixed(among(1...5))
    stage.policy = policy(retries: kind != .flatMap)
    stage.rule = FaultRule(
      salt: among(0...100_000), failsEach: one(of: [0, 0, among(2...8), among(20...200)]),
      isFlakyEach: stage.policy.retries > 0 ? among(2...9) : 0, flakyCalls: stage.policy.retries, isNamed: chance(3))
    stage.ordering = mixed && chance(2) ? .completion : .input
    return stage
  }

  private mutating func policy(retries: Bool) -> FailurePolicy {
    let tolerance: FailurePolicy =
      switch among(0...(mixed ? 4 : 5)) {
      case 0: .raise
      case 1: .skip(upTo: among(0...5))
      case 5: .skip(fraction: one(of: [0.02, 0.1, 0.5, 1]))
      default: .skip(upTo: 10_000)
      }
    return retries && chance(3) ? .retry(times: among(1...3), backoff: .zero, then: tolerance) : tolerance
  }

  // MARK: Several inputs or outputs

  private static let mostJoins = 3

  private mutating func join(_ depth: Int, isMixed: Bool) -> GraphStage? {
    guard joinCount < Self.mostJoins else { return nil }
    joinCount += 1
    let branches = (0..<among(1...2)).map { _ in branch(depth) }
    let isMixed = isMixed || branches.contains { $0.stages.contains(where: \.mixes) }
    switch among(0...(mixed ? 3 : 2)) {
    case 0 where !isMixed: return named(.zip(strict: chance(3), branches[0]))
    case 3: return named(.merge(branches))
    default:
      // If it ends early, what has come until then depends on the order.
      let stop: InterleaveStop = isMixed || chance(2) ? .allExhausted : .firstExhausted
      return named(.interleave(pattern(inputs: branches.count + 1), stop, branches))
    }
  }

  private mutating func pattern(inputs: Int) -> InterleavePattern {
    let weights = (0..<inputs).map { _ in Double(among(1...9)) }
    return switch among(0...2) {
    case 0: .roundRobin(blockLength: among(1...5))
    case 1: .random(weights: weights, seed: UInt64(among(0...1000)))
    default: .stride(weights: weights)
    }
  }

  private mutating func branch(_ depth: Int) -> GraphBranch {
    GraphBranch(origin: origin(depth: depth), stages: chain(among(0...3), at: .branch, depth: depth))
  }

  private mutating func route(_ depth: Int, isMixed: Bool) -> GraphStage? {
    guard joinCount < Self.mostJoins else { return nil }
    joinCount += 1
    let paths = (0..<among(2...3)).map { _ in chain(among(0...3), at: .path, depth: depth, isMixed: isMixed) }
    var stage = named(.route(paths))
    stage.policy = policy(retries: false)
    stage.rule = FaultRule(
      salt: among(0...100_000), failsEach: one(of: [0, 0, among(2...30)]), isNamed: chance(3))
    stage.ordering = mixed && chance(2) ? .completion : .input
    return stage
  }
}
