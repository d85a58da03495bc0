@testable import HeadracePipeline

/// Makes a network of a test's pipeline.
struct NetworkBuilder {
  private var network = Network()
  private let capacity: (Int) -> Int

  /// - Parameters:
  ///   - input: what the source hands on; marks are those of a route around this pipeline.
  ///   - capacity: of each queue, by its number.
  static func network(
    _ stages: [TestStage], input: [NetworkOutput], capacity: @escaping (Int) -> Int
  ) -> Network {
    var builder = NetworkBuilder(capacity: capacity)
    let last = builder.add(stages, to: builder.addSource(items(input)))
    builder.network.add("sink", .sink([]), inputs: [last])
    return builder.network
  }

  /// Makes a network of one operator with a source at each input.
  static func network(
    _ operation: any StreamOperator, inputs: [[NetworkOutput]], capacity: @escaping (Int) -> Int = { _ in 1 }
  ) -> Network {
    var builder = NetworkBuilder(capacity: capacity)
    let queues = inputs.map { builder.addSource(items($0)) }
    let output = builder.addQueue()
    builder.network.add("operator", operation, inputs: queues, outputs: [output])
    builder.network.add("sink", .sink([]), inputs: [output])
    return builder.network
  }

  /// Makes a network of a route and a join with paths without stages, every queue as short as can be.
  static func network(
    route: any StreamOperator, join: any StreamOperator, pathCount: Int, input: [NetworkOutput]
  ) -> Network {
    var builder = NetworkBuilder { _ in 1 }
    let source = builder.addSource(items(input))
    let queues = (0...pathCount).map { _ in builder.addQueue() }
    let output = builder.addQueue()
    builder.network.add("route", route, inputs: [source], outputs: queues)
    builder.network.add("join", join, inputs: queues, outputs: [output])
    builder.network.add("sink", .sink([]), inputs: [output])
    return builder.network
  }

  private static func items(_ events: [NetworkOutput]) -> [Item] {
    events.enumerated().map { place, event in
      guard case .value(let numbers) = event else { return .mark }
      return PathOperator.item(numbers, place)
    }
  }

  private init(capacity: @escaping (Int) -> Int) {
    self.capacity = capacity
  }

  /// Returns the queue that comes out.
  private mutating func add(_ stages: [TestStage], to input: Int) -> Int {
    stages.reduce(input) { add($1, to: $0) }
  }

  private mutating func add(_ stage: TestStage, to input: Int) -> Int {
    if case .route(let route) = stage { return add(route, to: input) }
    let output = addQueue()
    switch stage {
    case .operation(let behaviour):
      network.add("\(behaviour)", PathOperator(behaviour), inputs: [input], outputs: [output])
    case .pool(let size): network.add("pool", .pool(size: size, held: []), inputs: [input], outputs: [output])
    case .zipped(let count):
      let other = addSource((0..<count).map { PathOperator.item([1000 + $0], $0) })
      let operation = ZipOperator(inputs: 2) { row in row.flatMap { $0 as? [Int] ?? [] } }
      network.add("zip", operation, inputs: [input, other], outputs: [output])
    case .merged(let count):
      let other = addSource((0..<count).map { PathOperator.item([-1 - $0], $0) })
      network.add("merge", MergeOperator(inputs: 2), inputs: [input, other], outputs: [output])
    case .interleaved(let count):
      let other = addSource((0..<count).map { PathOperator.item([-1 - $0], $0) })
      let operation = InterleaveOperator(inputs: 2, order: RoundRobinOrder(inputs: 2), stop: .allExhausted)
      network.add("interleave", operation, inputs: [input, other], outputs: [output])
    case .route: break
    }
    return output
  }

  private mutating func add(_ route: TestRoute, to input: Int) -> Int {
    let order = addQueue()
    let starts = route.paths.map { _ in addQueue() }
    let router = RouteOperator(pathCount: route.paths.count, ordering: route.ordering) { value in
      route.choose(value as? [Int] ?? [])
    }
    network.add("route", router, inputs: [input], outputs: [order] + starts)
    let ends = zip(route.paths, starts).map { add($0, to: $1) }
    let output = addQueue()
    let join: any StreamOperator =
      route.ordering == .input
      ? OrderedJoinOperator(pathCount: route.paths.count) : ArrivalJoinOperator(pathCount: route.paths.count)
    network.add("join", join, inputs: [order] + ends, outputs: [output])
    return output
  }

  private mutating func addSource(_ items: [Item]) -> Int {
    let output = addQueue()
    network.add("source", ListOperator(items), outputs: [output])
    return output
  }

  private mutating func addQueue() -> Int {
    network.addQueue(capacity: capacity(network.queues.count))
  }
}
