import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// Routes within routes, more and larger ones than can be run in every order, each in some orders made from a seed.
struct RandomRouteTests {
  @Test func whatComesOutIsWhatOneItemAfterTheOtherMakes() throws {
    for seed in 0..<150 {
      let route = RandomRoute(seed: seed, .orderly)
      let expected = SequentialModel.output(route.stages, for: route.input)
      for schedule in 0..<2 {
        try NetworkDriver.run(route.network, seed: seed + 10_000 * schedule) { network in
          if route.isMixed {
            #expect(network.output.segments.map(\.counts) == expected.segments.map(\.counts), "\(route)")
          } else {
            #expect(network.output == expected, "\(route)")
          }
        }
      }
    }
  }

  @Test func whateverTimeDoesAllNumbersAndMarksComeOut() throws {
    for seed in 0..<150 {
      let route = RandomRoute(seed: seed, .lossless)
      try NetworkDriver.run(route.network, seed: seed) { network in
        #expect(network.output.numbers.filter { $0 >= 0 }.sorted() == route.input.numbers, "\(route)")
        #expect(network.output.segments.count == route.input.segments.count, "\(route)")
      }
    }
  }
}
