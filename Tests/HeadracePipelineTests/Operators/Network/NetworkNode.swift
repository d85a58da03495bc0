@testable import HeadracePipeline

/// A stage of a network, and what it wants to do next.
struct NetworkNode {
  enum Work {
    case operation(any StreamOperator)
    /// A stage that works on so many samples at once and hands them on as they get done, marks included.
    case pool(size: Int, held: [Item])
    /// Takes what comes out at the end.
    case sink([NetworkOutput])
  }

  let name: String
  let inputs: [Int]
  let outputs: [Int]
  var work: Work
  /// Of an operator.
  var step = OperatorStep.end
  /// Inputs of whose end it knows.
  var ended: Set<Int> = []
  var isOver = false
  var now: UInt64 = 0
  /// A hash of how what it holds is written; nil where it is not known.
  var state: Int?

  init(_ name: String, _ work: Work, inputs: [Int], outputs: [Int]) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.work = work
    askNext()
  }

  /// What it does next may depend on when that is.
  var hasChoice: Bool {
    switch work {
    case .sink: return false
    case .pool: return true
    case .operation:
      guard case .take(let wanted, let until) = step else { return false }
      return until != nil || wanted == .any && inputs.count - ended.count > 1
    }
  }

  mutating func askNext() {
    guard case .operation(var operation) = work else { return }
    step = operation.next(now: now)
    work = .operation(operation)
  }

  /// Tells states apart.
  mutating func updateState() {
    if state == nil { state = "\(work) \(step) \(ended.sorted()) \(isOver) \(now)".hashValue }
  }
}

/// What comes out of a network.
enum NetworkOutput: Hashable, CustomStringConvertible {
  case value([Int])
  case mark

  var description: String {
    switch self {
    case .value(let numbers): "\(numbers)"
    case .mark: "|"
    }
  }
}
