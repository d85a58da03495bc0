import Headrace
import HeadraceSystem

/// What the engine costs per item and stage, and between two epochs.
struct EngineCost {
  var nanosecondsPerItemStage: Double
  var allocationsPerItem: Double
  var epochTurnMilliseconds: Double

  private static let fewStages = 1
  private static let manyStages = 7

  /// - Parameters:
  ///   - seconds: how long to measure each of the two pipelines whose difference tells what a stage costs.
  ///   - rounds: how often; figures are medians.
  static func measure(seconds: Double, rounds: Int, epochs: Int) throws -> EngineCost {
    let trial = EngineTrial(concurrency: 1, ordering: .input, threads: 1)
    var stageCosts: [Double] = []
    var allocations: [Double] = []
    // In turns: a busy moment of the machine is not to fall on the one or on the other.
    for _ in 0..<rounds {
      let few = try trial.measure(seconds: seconds, stageCount: fewStages)
      let many = try trial.measure(seconds: seconds, stageCount: manyStages)
      allocations.append(try trial.measure(seconds: seconds).allocationsPerItem)
      stageCosts.append(
        (many.cpuNanosecondsPerItem - few.cpuNanosecondsPerItem) / Double(manyStages - fewStages))
    }
    return EngineCost(
      nanosecondsPerItemStage: Quantiles(stageCosts).median, allocationsPerItem: Quantiles(allocations).median,
      epochTurnMilliseconds: try epochTurn(epochs: epochs))
  }

  /// From the end of an epoch to the first item of the next, at the consumer; the median over epochs.
  private static func epochTurn(epochs: Int) throws -> Double {
    let pipeline = Pipeline(from: 0..<10_000)
      .map("first", EngineWork.first).map("second", EngineWork.second).map("third", EngineWork.third)
    var elements = try pipeline.run(threads: 2)
    var turns: [Double] = []
    for _ in 0..<epochs {
      var count = 0
      while try elements.next() != nil { count += 1 }
      let end = MonotonicClock.now
      guard count == 10_000 - turns.count.signum() else { throw WrongCount(expected: 10_000, found: count) }
      _ = try elements.next()
      turns.append(Double(MonotonicClock.now - end) / 1e6)
    }
    return Quantiles(turns).median
  }
}
