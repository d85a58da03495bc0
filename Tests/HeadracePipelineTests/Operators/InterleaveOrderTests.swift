import HeadraceCore
import Testing

@testable import HeadracePipeline

struct InterleaveOrderTests {
  private static let allWeights: [[Double]] = [
    [1], [1, 1], [3, 1], [0.7, 0.3], [0.1, 0.2, 0.7], [5, 1, 1, 1, 1], [1, 1e6], [1e-9, 1e-9, 3e-9],
    [0.35, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05],
  ]

  @Test(arguments: allWeights)
  func byStrideEachHasItsShareToWithinOne(weights: [Double]) {
    var order = StrideOrder(weights: weights)
    var counts = weights.map { _ in 0.0 }
    let sum = weights.reduce(0, +)
    for total in 1...5000 {
      counts[order.next()] += 1
      for (count, weight) in zip(counts, weights) { #expect(abs(count - Double(total) * weight / sum) < 1) }
    }
  }

  @Test func byStrideTheOthersShareWhatOneLeaves() {
    var order = StrideOrder(weights: [8, 1, 3])
    for _ in 0..<100 { _ = order.next() }
    order.remove(0)
    let turns = (0..<400).map { _ in order.next() }
    #expect(turns.count { $0 == 1 } == 100)
    #expect(turns.count { $0 == 2 } == 300)
  }

  @Test(arguments: allWeights)
  func atRandomEachComesAsOftenAsItWeighs(weights: [Double]) {
    var order = WeightedRandomOrder(weights: weights, random: CounterRandom(seed: 1, epoch: 0, stage: "mix"))
    let draws = 20_000
    var counts = weights.map { _ in 0.0 }
    for _ in 0..<draws { counts[order.next()] += 1 }
    let sum = weights.reduce(0, +)
    for (count, weight) in zip(counts, weights) {
      let share = weight / sum
      // Five standard deviations; the numbers are the same in every run.
      #expect(abs(count - Double(draws) * share) <= 5 * (Double(draws) * share * (1 - share)).squareRoot() + 1)
    }
  }

  @Test func atRandomWhatHasEndedIsNotDrawn() {
    var order = WeightedRandomOrder(weights: [8, 1, 3], random: CounterRandom(seed: 1, epoch: 0, stage: "mix"))
    order.remove(0)
    let turns = (0..<1000).map { _ in order.next() }
    #expect(Set(turns) == [1, 2])
    order.remove(2)
    #expect((0..<100).allSatisfy { _ in order.next() == 1 })
  }

  @Test func atRandomTheOrderFollowsFromSeedEpochAndStage() {
    func turns(_ seed: UInt64, _ epoch: Int, _ stage: String) -> [Int] {
      var order = WeightedRandomOrder(
        weights: [1, 1], random: CounterRandom(seed: seed, epoch: epoch, stage: stage))
      return (0..<64).map { _ in order.next() }
    }
    #expect(turns(1, 0, "mix") == turns(1, 0, "mix"))
    #expect(Set([turns(1, 0, "mix"), turns(2, 0, "mix"), turns(1, 1, "mix"), turns(1, 0, "mix2")]).count == 4)
  }

  @Test func inTurnEveryoneThatIsLeftGoesOn() {
    var order = RoundRobinOrder(inputs: 4)
    #expect((0..<6).map { _ in order.next() } == [0, 1, 2, 3, 0, 1])
    order.remove(1)
    #expect((0..<4).map { _ in order.next() } == [2, 3, 0, 2])
    // One whose turn it is not.
    order.remove(0)
    #expect((0..<4).map { _ in order.next() } == [3, 2, 3, 2])
    order.remove(2)
    #expect((0..<2).map { _ in order.next() } == [3, 3])
  }
}
