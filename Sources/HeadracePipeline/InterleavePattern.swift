import HeadraceCore

/// From which of several pipelines the next sample comes. It follows from how many samples they have, and not from when
/// those come.
public enum InterleavePattern: Sendable, Hashable {
  /// From each in turn, `blockLength` samples at a time.
  case roundRobin(blockLength: Int = 1)
  /// Drawn at random for each sample: from a pipeline with twice the weight twice as often. Which it is follows from
  /// seed, epoch, the stage's name and the number of the draw; before a `repeat` each pass counts as an epoch, as of a
  /// shuffle.
  case random(weights: [Double], seed: UInt64)
  /// By weight as even as can be: after any number of samples each pipeline has had its share to within one sample.
  case stride(weights: [Double])

  /// What is wrong with it, as a sentence; nil if nothing is.
  func mistake(inputs: Int) -> String? {
    switch self {
    case .roundRobin(let blockLength):
      return blockLength < 1 ? "Blocks of \(blockLength) samples are not possible; blockLength must be 1 or more." : nil
    case .random(let weights, _), .stride(let weights):
      guard weights.count == inputs else {
        return "There are \(weights.count) weights for \(inputs) pipelines; give one for each."
      }
      guard weights.allSatisfy({ $0 > 0 }), weights.reduce(0, +).isFinite else {
        return "The weights \(weights) are not possible; each must be above 0, and their sum finite."
      }
      return nil
    }
  }

  func makeOrder(inputs: Int, _ stage: StageContext) -> any InterleaveOrder {
    switch self {
    case .roundRobin(let blockLength): RoundRobinOrder(inputs: inputs, blockLength: blockLength)
    case .random(let weights, let seed):
      WeightedRandomOrder(
        weights: weights, random: CounterRandom(seed: seed, epoch: stage.readerEpoch, stage: stage.description.name))
    case .stride(let weights): StrideOrder(weights: weights)
    }
  }
}
