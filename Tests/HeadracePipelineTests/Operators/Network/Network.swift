@testable import HeadracePipeline

/// Operators connected by bounded queues: a value, so that every order in which they may run can be tried from every
/// point on.
struct Network {
  /// One thing that can happen next.
  struct Action {
    var node: Int
    /// An input's number; of a pool, 0 to take, and 1 more than the number of a sample to hand on.
    var choice: Int

    /// The time has come for which an operator waits.
    static let timePasses = -1
  }

  private(set) var nodes: [NetworkNode] = []
  private(set) var queues: [NetworkQueue] = []
  /// Positions of samples that failed.
  private(set) var failures: Set<Int> = []

  /// What determines all that can follow.
  mutating func key() -> Int {
    var hasher = Hasher()
    for index in nodes.indices {
      nodes[index].updateState()
      hasher.combine(nodes[index].state)
    }
    for queue in queues { queue.hash(into: &hasher) }
    return hasher.finalize()
  }

  var output: [NetworkOutput] {
    if case .sink(let outputs)? = nodes.last?.work { return outputs }
    return []
  }

  var isOver: Bool { nodes.allSatisfy(\.isOver) }

  // MARK: Building

  mutating func addQueue(capacity: Int) -> Int {
    queues.append(NetworkQueue(capacity: capacity))
    return queues.count - 1
  }

  mutating func add(_ name: String, _ work: NetworkNode.Work, inputs: [Int] = [], outputs: [Int] = []) {
    nodes.append(NetworkNode(name, work, inputs: inputs, outputs: outputs))
  }

  mutating func add(_ name: String, _ operation: any StreamOperator, inputs: [Int] = [], outputs: [Int] = []) {
    add(name, .operation(operation), inputs: inputs, outputs: outputs)
  }

  // MARK: What can happen

  func actions() -> [Action] {
    nodes.indices.flatMap { node in choices(nodes[node]).map { Action(node: node, choice: $0) } }
  }

  func choices(_ node: NetworkNode) -> [Int] {
    if node.isOver { return [] }
    switch node.work {
    case .sink: return queues[node.inputs[0]].hasSomething ? [0] : []
    case .pool(let size, let held):
      var choices: [Int] = []
      if held.count < size && queues[node.inputs[0]].hasSomething && !node.ended.contains(0) { choices.append(0) }
      if queues[node.outputs[0]].hasRoom { choices += held.indices.map { $0 + 1 } }
      return choices
    case .operation: return choices(node, node.step)
    }
  }

  private func choices(_ node: NetworkNode, _ step: OperatorStep) -> [Int] {
    switch step {
    case .emit(_, let port): return queues[node.outputs[port]].hasRoom ? [0] : []
    case .fail, .end: return [0]
    case .take(let wanted, let until):
      let ports = node.inputs.indices.filter { port in
        if case .port(let only) = wanted, only != port { return false }
        return queues[node.inputs[port]].hasSomething && !node.ended.contains(port)
      }
      return until == nil ? ports : ports + [Action.timePasses]
    }
  }

  /// One that makes no difference to what else can happen, nor others to it: its node has no choice.
  func forcedAction() -> Action? {
    for (index, node) in nodes.enumerated() where !node.hasChoice {
      if let choice = choices(node).first { return Action(node: index, choice: choice) }
    }
    return nil
  }

  // MARK: Letting it happen

  mutating func perform(_ action: Action) {
    switch nodes[action.node].work {
    case .sink(let outputs): performSink(action.node, outputs)
    case .pool(let size, let held): performPool(action, size, held)
    case .operation(let operation): perform(action, operation)
    }
    nodes[action.node].state = nil
  }

  private mutating func performSink(_ node: Int, _ outputs: [NetworkOutput]) {
    guard let item = takeItem(nodes[node].inputs[0]) else {
      nodes[node].isOver = true
      return
    }
    nodes[node].work = .sink(outputs + [item.isMark ? .mark : .value(item.value as? [Int] ?? [])])
  }

  private mutating func performPool(_ action: Action, _ size: Int, _ held: [Item]) {
    var held = held
    if action.choice > 0 {
      put(held.remove(at: action.choice - 1), into: nodes[action.node].outputs[0], by: action.node)
    } else if let item = takeItem(nodes[action.node].inputs[0]) {
      held.append(item)
    } else {
      nodes[action.node].ended.insert(0)
    }
    nodes[action.node].work = .pool(size: size, held: held)
    if held.isEmpty && nodes[action.node].ended.contains(0) { end(action.node) }
  }

  private mutating func perform(_ action: Action, _ operation: any StreamOperator) {
    let node = action.node
    var operation = operation
    switch nodes[node].step {
    case .emit(let item, let port): put(item, into: nodes[node].outputs[port], by: node)
    case .fail(let failure): failures.insert(failure.position)
    case .end: end(node)
    case .take(_, let until):
      if action.choice == Action.timePasses {
        nodes[node].now = until ?? 0
      } else if let item = takeItem(nodes[node].inputs[action.choice]) {
        if item.isMark {
          operation.receiveMark(from: action.choice)
        } else {
          do {
            try operation.receive(item, from: action.choice, now: nodes[node].now)
          } catch {
            failures.insert(item.position)
          }
        }
      } else {
        nodes[node].ended.insert(action.choice)
        operation.inputEnded(action.choice)
      }
    }
    nodes[node].work = .operation(operation)
    if !nodes[node].isOver { nodes[node].askNext() }
  }

  private mutating func takeItem(_ queue: Int) -> Item? {
    queues[queue].items.isEmpty ? nil : queues[queue].items.removeFirst()
  }

  /// Who finds that nobody wants anything of it any more is over.
  private mutating func put(_ item: Item, into queue: Int, by node: Int) {
    queues[queue].put(item)
    if nodes[node].outputs.allSatisfy({ queues[$0].isCancelled }) { end(node) }
  }

  private mutating func end(_ node: Int) {
    nodes[node].isOver = true
    for queue in nodes[node].outputs { queues[queue].hasEnded = true }
    for (port, queue) in nodes[node].inputs.enumerated() where !nodes[node].ended.contains(port) {
      queues[queue].cancel()
    }
  }
}

extension Network: CustomStringConvertible {
  var description: String {
    let waiting = nodes.filter { !$0.isOver }.map { "\($0.name): \($0.step)" }
    return "out \(output), not over: \(waiting.joined(separator: "; "))"
  }
}
