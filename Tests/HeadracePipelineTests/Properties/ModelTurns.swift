import HeadraceCore
import HeadracePipeline

/// From which of several inputs the next sample comes, as `InterleavePattern` describes it.
struct ModelTurns {
  private let pattern: InterleavePattern
  private let random: CounterRandom
  /// Inputs that have not ended; in turn, the first is that whose block it is.
  private(set) var open: [Int]
  /// Samples that are left of the block.
  private var blockCount = 0
  private var drawCount = 0
  /// Samples of each input, by weight; since an input ended.
  private var counts: [Int]

  init(_ pattern: InterleavePattern, inputs: Int, epoch: Int, stage: String) {
    self.pattern = pattern
    var seed: UInt64 = 0
    if case .random(_, let given) = pattern { seed = given }
    random = CounterRandom(seed: seed, epoch: epoch, stage: stage)
    open = Array(0..<inputs)
    counts = open.map { _ in 0 }
    if case .roundRobin(let length) = pattern { blockCount = length }
  }

  mutating func next() -> Int {
    switch pattern {
    case .roundRobin(let length):
      if blockCount == 0 {
        open.append(open.removeFirst())
        blockCount = length
      }
      blockCount -= 1
      return open[0]
    case .random(let weights, _):
      drawCount += 1
      let sum = open.reduce(0) { $0 + weights[$1] }
      let drawn = Double(random.bits(at: drawCount - 1) >> 11) / Double(1 << 53) * sum
      var bound = 0.0
      return open.first { input in
        bound += weights[input]
        return drawn < bound
      } ?? open[open.count - 1]
    case .stride(let weights):
      return nextByShare(weights.map { Int($0) })
    }
  }

  /// Of the inputs that have had less than their share, the one that comes to it first. In whole numbers, so exact.
  private mutating func nextByShare(_ weights: [Int]) -> Int {
    let sum = open.reduce(0) { $0 + weights[$1] }
    let total = open.reduce(1) { $0 + counts[$1] }
    let entitled = open.filter { counts[$0] * sum < weights[$0] * total }
    let first = entitled.min { (counts[$0] + 1) * weights[$1] < (counts[$1] + 1) * weights[$0] }
    guard let first else { preconditionFailure("all of \(weights) have had their shares") }
    counts[first] += 1
    return first
  }

  /// An input has nothing left: its turns are those of the others.
  mutating func remove(_ input: Int) {
    if case .roundRobin(let length) = pattern, open.first == input { blockCount = length }
    open.removeAll { $0 == input }
    for index in counts.indices { counts[index] = 0 }
  }
}
