import HeadracePipeline
import HeadraceTestSupport

/// A chain of stages that was made from a seed, with a limit on the bytes of its samples, each of about that limit.
/// Each epoch and each pass has the same samples, so it does not matter what a cache has kept.
struct ByteChain: CustomStringConvertible {
  let seed: Int
  /// Whether stages hand on results as they are completed.
  let isMixed: Bool
  let count: Int
  let limit: Int
  let stages: [ByteChainStage]
  let threads: Int
  /// How many elements of the first epoch are taken before the rest of it is given up, 1 or more; nil: all.
  let taken: Int?

  static let epochs = 3

  init(seed: Int) {
    var random = SplitMix64(seed: seed)
    func among(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func one<Value>(of values: [Value]) -> Value { values[among(0...(values.count - 1))] }
    self.seed = seed
    let isMixed = among(0...2) == 0
    let limit = one(of: [100, 1_000])
    func work() -> ByteChainStage.Work {
      let isFlaky = among(0...3) == 0
      return ByteChainStage.Work(
        rule: FaultRule(
          salt: among(0...100_000), failsEach: one(of: [0, 0, among(2...9)]), isFlakyEach: isFlaky ? among(2...5) : 0,
          flakyCalls: isFlaky ? 1 : 0),
        concurrency: among(1...4), ordering: isMixed && among(0...1) == 0 ? .completion : .input,
        stays: among(1...8))
    }
    func plain() -> ByteChainStage.Work {
      ByteChainStage.Work(
        rule: FaultRule(salt: among(0...100_000)), concurrency: among(1...4),
        ordering: isMixed && among(0...1) == 0 ? .completion : .input)
    }
    var (growth, passes) = (0, 1)
    var stages: [ByteChainStage] = []
    for _ in 0..<among(1...7) {
      switch among(0...13) {
      case 0: stages.append(.map(work()))
      case 1: stages.append(.asyncMap(work()))
      case 2, 3: stages.append(.compactMap(work()))
      case 4: stages.append(.filter(work()))
      case 5: stages.append(.asyncFilter(work()))
      case 6 where growth < 2:
        growth += 1
        stages.append(.flatMap(plain(), most: 4))
      case 7: stages.append(.microBatch(plain(), among(1...6)))
      case 8: stages.append(.arrays(among(1...6)))
      case 9 where !isMixed: stages.append(.take(among(0...40)))
      case 10:
        stages.append(
          .prefetch(
            items: among(0...1) == 0 ? nil : among(1...4),
            bytes: among(0...1) == 0 ? nil : one(of: [1, limit / 2, limit, 4 * limit])))
      case 11, 12: stages.append(.cache(bytes: one(of: [1, 20 * limit, 1 << 30])))
      case 13 where passes < 4:
        let count = among(1...3)
        passes *= count
        stages.append(.repeat(count))
      default: break
      }
    }
    self.isMixed = isMixed
    self.limit = limit
    self.stages = stages
    count = among(0...60)
    threads = among(1...4)
    taken = among(0...3) == 0 ? among(1...10) : nil
  }

  func pipeline(_ live: LiveBytes) -> Pipeline<SizedNumber> {
    let start = Pipeline(
      from: MadeSource(count: count) { [limit] in SizedNumber(number: $0, bound: limit, live: live) })
    return stages.enumerated().reduce(start) { $1.element.appended(to: $0, "s\($1.offset)") }.limits(bytes: limit)
  }

  /// What a cache keeps has a limit of its own.
  var hasCache: Bool { stages.contains { if case .cache = $0 { true } else { false } } }

  /// Samples that stages may hold on to while others pass.
  var heldCount: Int { stages.reduce(0) { $0 + $1.heldCount } }

  /// Bytes of the largest element of any stage; a group of them is one.
  var largestByteCount: Int {
    var numbers = Array(0..<count)
    var largest = 0
    func look(groups: Int) {
      for first in numbers.indices {
        let group = numbers[first..<min(first + groups, numbers.count)]
        largest = max(largest, group.reduce(0) { $0 + SizedNumber.byteCount(of: $1, bound: limit) })
      }
    }
    look(groups: 1)
    for stage in stages {
      if case .arrays(let count) = stage { look(groups: count) }
      if case .microBatch(_, let count) = stage { look(groups: count) }
      numbers = stage.made(of: numbers)
      look(groups: 1)
    }
    return largest
  }

  /// The numbers of an epoch.
  var expected: [Int] { stages.reduce(Array(0..<count)) { $1.made(of: $0) } }

  var description: String {
    let lines = stages.map { "  \($0)" }.joined(separator: "\n")
    return "// seed \(seed), limit \(limit), \(count) samples, \(threads) threads, first \(taken ?? count)\n\(lines)"
  }
}
