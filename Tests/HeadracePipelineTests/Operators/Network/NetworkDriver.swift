import HeadraceTestSupport

/// Runs a network in every order in which its nodes can run, or in many.
struct NetworkDriver {
  struct Violation: Error, CustomStringConvertible {
    var description: String
  }

  /// Which orders are tried.
  enum Thoroughness {
    /// All.
    case full
    /// All that differ in more than the order of steps that have nothing to do with each other: as long as a node has a
    /// step without a choice, that one is next. What others can choose from becomes no less by it.
    case reduced
  }

  /// Tries all orders.
  ///
  /// States that were seen are not gone through again.
  ///
  /// - Parameter check: what has to be true when nothing can happen any more.
  /// - Returns: how many states there are between which there is a choice.
  @discardableResult
  static func tryAll(
    _ network: Network, _ thoroughness: Thoroughness = .reduced, limit: Int = 200_000, _ check: (Network) throws -> Void
  ) throws -> Int {
    var seen: Set<Int> = []
    var open = [network]
    while var network = open.popLast() {
      if thoroughness == .reduced {
        while let action = network.forcedAction() { network.perform(action) }
      }
      let actions = network.actions()
      if actions.isEmpty { try checkEnd(network, check) }
      for action in actions {
        var next = network
        next.perform(action)
        if seen.insert(next.key()).inserted { open.append(next) }
      }
      guard seen.count <= limit else {
        throw Violation(description: "more than \(limit) states; try a smaller network")
      }
    }
    return seen.count
  }

  /// Runs once, in an order that follows from the seed. Some nodes are far quicker than others.
  static func run(_ network: Network, seed: Int, _ check: (Network) throws -> Void) throws {
    var random = SplitMix64(seed: seed)
    var network = network
    let speeds = network.nodes.map { _ in [1, 1, 10, 100].randomElement(using: &random) ?? 1 }
    let turns = speeds.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    while true {
      // Most draws find a node that can do something; if several do not, it may be that none can.
      var action: Network.Action?
      for _ in 0..<8 where action == nil {
        let node = turns.randomElement(using: &random) ?? 0
        action = network.choices(network.nodes[node]).randomElement(using: &random).map {
          .init(node: node, choice: $0)
        }
      }
      guard let next = action ?? network.actions().randomElement(using: &random) else {
        return try checkEnd(network, check)
      }
      network.perform(next)
    }
  }

  private static func checkEnd(_ network: Network, _ check: (Network) throws -> Void) throws {
    guard network.isOver else { throw Violation(description: "hangs: \(network)") }
    try check(network)
  }
}
