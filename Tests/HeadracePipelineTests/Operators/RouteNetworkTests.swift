import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// Routes with their paths and joins, run in every order in which their stages can run.
struct RouteNetworkTests {
  /// Routes whose output leaves nothing to chance.
  static let orderlyRoutes: [TestRoute] = [
    TestRoute(ordering: .input, paths: [[]]),
    TestRoute(ordering: .input, paths: [[], []]),
    TestRoute(ordering: .input, paths: [[.map], []]),
    TestRoute(ordering: .input, paths: [[.drop(4)], [.multiply(2)]]),
    TestRoute(ordering: .input, paths: [[.fail(4)], [.map]]),
    TestRoute(ordering: .input, paths: [[.gather(2)], [.multiply(2)]]),
    TestRoute(ordering: .input, paths: [[.reorder(1)], [.gather(3)]]),
    TestRoute(ordering: .input, paths: [[.take(1)], [.map]]),
    TestRoute(ordering: .input, paths: [[.take(1), .gather(2)], [.take(0)]]),
    TestRoute(ordering: .input, paths: [[.zipped(1)], [.map]]),
    TestRoute(ordering: .input, paths: [[], [.drop(1)], [.multiply(2)]]),
  ]

  /// Items numbered from 0, each with a mark behind it if asked for.
  static func items(_ count: Int, marks: Bool = false) -> [NetworkOutput] {
    (0..<count).flatMap { number -> [NetworkOutput] in marks ? [.value([number]), .mark] : [.value([number])] }
  }

  /// Runs in all orders, every queue with the same capacity.
  static func tryAll(
    _ stages: [TestStage], _ input: [NetworkOutput], capacity: Int = 1,
    _ thoroughness: NetworkDriver.Thoroughness = .reduced, _ check: (Network) -> Void
  ) throws {
    let network = NetworkBuilder.network(stages, input: input) { _ in capacity }
    try NetworkDriver.tryAll(network, thoroughness) { check($0) }
  }

  /// Runs in all orders and compares with one item after the other.
  static func expectInOrder(_ stages: [TestStage], _ input: [NetworkOutput], capacity: Int = 1) throws {
    let expected = SequentialModel.output(stages, for: input)
    try tryAll(stages, input, capacity: capacity, .full) { #expect($0.output == expected, "\(stages)") }
  }

  // MARK: One route

  @Test(arguments: orderlyRoutes, [1, 2])
  func anOrderedRouteGivesTheOrderOfOneItemAfterTheOther(route: TestRoute, capacity: Int) throws {
    for count in 0...(4 - capacity) { try Self.expectInOrder([.route(route)], Self.items(count), capacity: capacity) }
  }

  @Test(arguments: orderlyRoutes)
  func marksFromOutsideStandBehindWhatTheyClose(route: TestRoute) throws {
    try Self.expectInOrder([.route(route)], Self.items(2, marks: true))
    try Self.expectInOrder([.route(route)], [.mark, .mark] + Self.items(2))
  }

  @Test(arguments: orderlyRoutes)
  func byArrivalEachPathGivesWhatItGivesInOrder(route: TestRoute) throws {
    var arrival = route
    arrival.ordering = .completion
    let expected = SequentialModel.output([.route(route)], for: Self.items(3)).counts
    try Self.tryAll([.route(arrival)], Self.items(3)) { #expect($0.output.counts == expected) }
  }

  @Test func byArrivalAMarkFromOutsideParts() throws {
    let input: [NetworkOutput] = [.value([0]), .value([1]), .mark, .value([2])]
    let expected = SequentialModel.output([.route(.input, [.multiply(2)], [])], for: input).segments
    try Self.tryAll([.route(.completion, [.multiply(2)], [])], input) { network in
      #expect(network.output.segments.map(\.counts) == expected.map(\.counts))
    }
  }

  @Test func byArrivalAPathThatHasEndedOwesNoMark() throws {
    try Self.tryAll([.route(.completion, [.take(1)], [])], Self.items(3, marks: true)) { network in
      #expect(network.output == [.value([0]), .mark, .value([1]), .mark, .mark])
    }
  }

  @Test(arguments: [Ordering.input, .completion])
  func aRouteWhosePathsHaveAllEndedStopsWhatIsBeforeIt(ordering: Ordering) throws {
    let network = NetworkBuilder.network(
      [.route(ordering, [.take(1)], [.take(1)])], input: Self.items(1000)
    ) { _ in 1 }
    for seed in 0..<100 {
      try NetworkDriver.run(network, seed: seed) { network in
        #expect(network.output.numbers.sorted() == [0, 1])
        #expect(network.queues[0].putCount < 20)
      }
    }
  }

  // MARK: Routes in paths of routes

  @Test func anOrderedRouteInAPathOfAnother() throws {
    try Self.expectInOrder(
      [.route(.input, [.route(.input, divisor: 2, [.drop(4)], [])], [.map])], Self.items(4))
    try Self.expectInOrder(
      [.route(.input, [.route(.input, divisor: 2, [.gather(2)], [.take(1)])], [])], Self.items(4))
  }

  @Test func aRouteByArrivalInAPathOfAnOrderedOneMixesOnlyWhatComesOfOneItem() throws {
    func stages(_ inner: Ordering) -> [TestStage] {
      [.route(.input, [.spread(2), .route(inner, divisor: 10, [.map], [])], [])]
    }
    let input = Self.items(1, marks: true) + Self.items(1)
    let expected = SequentialModel.output(stages(.input), for: input).segments
    try Self.tryAll(stages(.completion), input) { network in
      #expect(network.output.segments.map(\.counts) == expected.map(\.counts))
    }
  }

  @Test func anOrderedRouteInAPathOfOneByArrivalKeepsItsOrder() throws {
    let stages: [TestStage] = [.route(.completion, [.route(.input, divisor: 2, [.multiply(2)], [])], [.map])]
    try Self.tryAll(stages, Self.items(3)) { network in
      #expect(network.output.numbers.filter { $0 < 100 } == [0, 0, 2])
      #expect(network.output.numbers.filter { $0 >= 100 } == [101])
    }
  }

  // MARK: Paths whose output depends on time

  @Test(arguments: [TestStage.pool(2), .reorder(2)])
  func whatOvertakesItsMarkComesOutAllTheSame(stage: TestStage) throws {
    let input = Self.items(4, marks: true)
    try Self.tryAll([.route(.input, [stage], [])], input) { #expect($0.output.counts == input.counts) }
  }

  @Test func groupsThatLeaveWhenTheirTimeIsOverLoseNothing() throws {
    try Self.tryAll([.route(.input, [.gatherInTime(2)], [])], Self.items(4, marks: true)) { network in
      #expect(network.output.numbers.sorted() == [0, 1, 2, 3])
      #expect(network.output.segments.count == 5)
    }
  }

  @Test(arguments: [TestStage.merged(2), .interleaved(2)])
  func aPathMayTakeFromAnotherPipelineAsWell(stage: TestStage) throws {
    try Self.tryAll([.route(.input, [stage], [])], Self.items(4)) { network in
      #expect(network.output.numbers.filter { $0 >= 0 } == [0, 1, 2, 3])
      #expect(network.output.numbers.filter { $0 < 0 } == [-1, -2])
    }
  }

  // MARK: Why it does not hang

  /// With queues of 1: the join waits for an entry that waits behind the path's item.
  @Test func aRouterThatTellsTheJoinAfterTheItemWouldHang() throws {
    func network(_ router: any StreamOperator) -> Network {
      NetworkBuilder.network(route: router, join: OrderedJoinOperator(pathCount: 1), pathCount: 1, input: Self.items(1))
    }
    #expect(throws: NetworkDriver.Violation.self) {
      try NetworkDriver.tryAll(network(ItemFirstRouter()), .full) { _ in }
    }
    try NetworkDriver.tryAll(network(RouteOperator(pathCount: 1, ordering: .input) { _ in 0 }), .full) { _ in }
  }

  /// The join waits for a mark behind a path that is full.
  @Test func aJoinThatWaitsForTheLastPathFirstWouldHang() throws {
    let router = RouteOperator(pathCount: 3, ordering: .completion) { _ in 1 }
    func network(_ join: any StreamOperator) -> Network {
      NetworkBuilder.network(route: router, join: join, pathCount: 3, input: [.value([0]), .value([1]), .mark])
    }
    #expect(throws: NetworkDriver.Violation.self) {
      try NetworkDriver.tryAll(network(LastPathFirstJoin()), .full) { _ in }
    }
    try NetworkDriver.tryAll(network(ArrivalJoinOperator(pathCount: 3)), .full) { _ in }
  }

  /// What the driver leaves out when it tries fewer orders makes no other output.
  @Test(arguments: [
    TestRoute(ordering: .completion, paths: [[], []]),
    TestRoute(ordering: .completion, paths: [[.multiply(2)], [.take(0)]]),
    TestRoute(ordering: .input, paths: [[.pool(2)], []]),
    TestRoute(ordering: .input, paths: [[.gatherInTime(2)]]),
  ])
  func ordersThatAreLeftOutGiveNoOtherOutput(route: TestRoute) throws {
    func outputs(_ thoroughness: NetworkDriver.Thoroughness) throws -> Set<[NetworkOutput]> {
      var outputs: Set<[NetworkOutput]> = []
      try Self.tryAll([.route(route)], Self.items(2, marks: true), thoroughness) { outputs.insert($0.output) }
      return outputs
    }
    #expect(try outputs(.full) == outputs(.reduced))
  }
}
