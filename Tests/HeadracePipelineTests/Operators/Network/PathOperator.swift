@testable import HeadracePipeline

/// What a stage of a path does, each of a kind that makes it hard to count behind it. Values are arrays of numbers.
enum PathBehaviour: Hashable, Sendable {
  /// Adds 100 to each number.
  case map
  /// Leaves out those whose first number is divisible by this.
  case drop(Int)
  /// Fails for those whose first number is divisible by this.
  case fail(Int)
  /// Hands each on so many times.
  case multiply(Int)
  /// Makes so many of each: itself, and it plus 10, plus 20, ...
  case spread(Int)
  /// Makes one of so many, and of what is left at the end.
  case gather(Int)
  /// The same, and of what has come when a time is over.
  case gatherInTime(Int)
  /// Keeps so many, and hands on the last that came before them.
  case reorder(Int)
  /// Ends after so many.
  case take(Int)
}

/// Stands for the stages of a path.
struct PathOperator: StreamOperator {
  struct Mishap: Error {}

  private let behaviour: PathBehaviour
  private var held: [Item] = []
  private var ready: [Item] = []
  private var count = 0
  private var inputHasEnded = false
  private var deadline: UInt64?

  init(_ behaviour: PathBehaviour) {
    self.behaviour = behaviour
  }

  var heldByteCount: Int { 0 }

  mutating func next(now: UInt64) -> OperatorStep {
    if let deadline, deadline <= now { gather() }
    if !ready.isEmpty { return .emit(ready.removeFirst(), to: 0) }
    if case .take(let limit) = behaviour, count >= limit { return .end }
    guard inputHasEnded else { return .take(.any, until: deadline) }
    guard !held.isEmpty else { return .end }
    flush()
    return .emit(ready.removeFirst(), to: 0)
  }

  mutating func receive(_ item: Item, from port: Int, now: UInt64) throws {
    let numbers = item.value as? [Int] ?? []
    count += 1
    switch behaviour {
    case .map: ready.append(PathOperator.item(numbers.map { $0 + 100 }, item.position))
    case .drop(let divisor): if numbers[0] % divisor != 0 { ready.append(item) }
    case .fail(let divisor):
      if numbers[0] % divisor == 0 { throw Mishap() }
      ready.append(item)
    case .multiply(let times): ready += Array(repeating: item, count: times)
    case .spread(let count):
      ready += (0..<count).map { step in PathOperator.item(numbers.map { $0 + 10 * step }, item.position) }
    case .gather(let size), .gatherInTime(let size):
      held.append(item)
      if held.count == size { gather() }
      if case .gatherInTime = behaviour, held.count == 1 { deadline = now + 10 }
    case .reorder(let size):
      held.insert(item, at: count % 2 == 0 ? 0 : held.count)
      if held.count > size { ready.append(held.removeLast()) }
    case .take: ready.append(item)
    }
  }

  mutating func receiveMark(from port: Int) { ready.append(.mark) }

  mutating func inputEnded(_ port: Int) { inputHasEnded = true }

  private mutating func flush() {
    switch behaviour {
    case .reorder:
      ready += held
      held = []
    default: gather()
    }
  }

  private mutating func gather() {
    deadline = nil
    guard let first = held.first else { return }
    ready.append(PathOperator.item(held.flatMap { $0.value as? [Int] ?? [] }, first.position))
    held = []
  }

  static func item(_ numbers: [Int], _ position: Int) -> Item {
    Item(position: position, label: nil, value: numbers)
  }
}
