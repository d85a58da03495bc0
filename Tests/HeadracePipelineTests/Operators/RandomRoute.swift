import HeadraceTestSupport

@testable import HeadracePipeline

/// Stages, routes within routes among them, made from a seed.
struct RandomRoute: CustomStringConvertible {
  /// What may be among the stages.
  enum Kind {
    /// What comes out follows from what goes in, but for the order within what one item makes.
    case orderly
    /// The order depends on time, and every number that goes in comes out once.
    case lossless
  }

  let seed: Int
  let stages: [TestStage]
  let input: [NetworkOutput]
  let capacities: [Int]
  /// A route by arrival is among them: what comes of one item may come in any order.
  let isMixed: Bool

  init(seed: Int, _ kind: Kind) {
    var maker = Maker(random: SplitMix64(seed: seed), kind: kind)
    self.seed = seed
    var isMixed = false
    stages = [maker.route(depth: maker.among(1...3), &isMixed)] + maker.stages(depth: 1, &isMixed)
    self.isMixed = isMixed
    let marks = maker.among(0...3)
    input = (0..<maker.among(0...25)).flatMap { number -> [NetworkOutput] in
      marks > 0 && maker.among(1...marks) == 1 ? [.value([number]), .mark] : [.value([number])]
    }
    let capacity = maker.among(1...3)
    capacities = (0..<64).map { _ in maker.among(1...capacity) }
  }

  var network: Network { NetworkBuilder.network(stages, input: input) { [capacities] in capacities[$0 % 64] } }

  var description: String { "seed \(seed): \(stages), input \(input), capacities \(capacities)" }

  private struct Maker {
    var random: SplitMix64
    let kind: Kind

    mutating func among(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func stages(depth: Int, _ isMixed: inout Bool) -> [TestStage] {
      var stages: [TestStage] = []
      for _ in 0..<among(0...2) {
        if depth > 0 && among(0...2) == 0 {
          stages.append(route(depth: depth - 1, &isMixed))
        } else {
          stages.append(stage(isMixed: isMixed))
        }
      }
      return stages
    }

    mutating func route(depth: Int, _ isMixed: inout Bool) -> TestStage {
      let ordering: Ordering = among(0...2) == 0 ? .completion : .input
      let wasMixed = isMixed
      let paths = (0..<among(1...3)).map { _ in
        var pathIsMixed = wasMixed
        let stages = stages(depth: depth, &pathIsMixed)
        if pathIsMixed { isMixed = true }
        return stages
      }
      if ordering == .completion { isMixed = true }
      return .route(TestRoute(ordering: ordering, divisor: [1, 2, 10][among(0...2)], paths: paths))
    }

    /// - Parameter isMixed: none whose output depends on the order of its input.
    private mutating func stage(isMixed: Bool) -> TestStage {
      let size = among(1...3)
      switch kind {
      case .lossless:
        return [
          .pool(size), .reorder(size), .gather(size), .gatherInTime(size), .merged(size), .interleaved(size),
        ][among(0...5)]
      case .orderly:
        let simple: [TestStage] = [.map, .drop(size + 1), .fail(size + 1), .multiply(size), .spread(size)]
        let ordered: [TestStage] = [.gather(size), .reorder(size), .take(5 * size), .take(0), .zipped(4 * size)]
        return (isMixed ? simple : simple + ordered)[among(0...(isMixed ? 4 : 9))]
      }
    }
  }
}
