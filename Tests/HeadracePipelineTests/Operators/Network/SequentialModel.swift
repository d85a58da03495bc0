@testable import HeadracePipeline

/// What a pipeline hands on if each item goes all the way before the next one sets out, and at the end its stages hand
/// on what they kept, the first one first, and of a route's paths the first one first.
struct SequentialModel {
  private enum Stage {
    case operation(PathOperator)
    case pool
    case zipped(next: Int, count: Int)
    /// With the paths that are known to have ended.
    case route(TestRoute, [SequentialModel], known: Set<Int>)
  }

  private var stages: [Stage]
  /// Nothing comes any more, whatever is fed.
  private(set) var isOver = false

  /// - Parameter stages: without those whose output depends on time.
  init(_ stages: [TestStage]) {
    self.stages = stages.map { stage in
      switch stage {
      case .operation(let behaviour): .operation(PathOperator(behaviour))
      case .pool: .pool
      case .zipped(let count): .zipped(next: 0, count: count)
      case .route(let route): .route(route, route.paths.map(SequentialModel.init), known: [])
      case .merged, .interleaved: preconditionFailure("what \(stage) hands on depends on time")
      }
    }
    for index in self.stages.indices where !isOver && hasEnded(index) { isOver = true }
  }

  /// What comes out for an input of items and marks.
  static func output(_ stages: [TestStage], for input: [NetworkOutput]) -> [NetworkOutput] {
    var model = SequentialModel(stages)
    var output: [NetworkOutput] = []
    for event in input where !model.isOver {
      switch event {
      case .mark: output.append(.mark)
      case .value(let numbers): output += model.feed(numbers).map { .value($0) }
      }
    }
    return output + model.finish().map { .value($0) }
  }

  mutating func feed(_ numbers: [Int]) -> [[Int]] {
    isOver ? [] : push([numbers], from: 0)
  }

  mutating func finish() -> [[Int]] {
    isOver ? [] : finish(from: 0)
  }

  /// Feeds values to a stage and what comes of them to those behind it.
  private mutating func push(_ values: [[Int]], from first: Int) -> [[Int]] {
    var output: [[Int]] = []
    guard first < stages.count else { return values }
    for value in values where !isOver {
      output += push(make(value, first), from: first + 1)
      if !isOver && hasEnded(first) { output += finish(from: first + 1) }
    }
    return output
  }

  private mutating func finish(from first: Int) -> [[Int]] {
    var output: [[Int]] = []
    for index in first..<max(first, stages.count) where !isOver {
      output += push(flush(index), from: index + 1)
    }
    isOver = true
    return output
  }

  private mutating func make(_ value: [Int], _ index: Int) -> [[Int]] {
    switch stages[index] {
    case .pool: return [value]
    case .zipped(let next, let count):
      stages[index] = .zipped(next: next + 1, count: count)
      return next < count ? [value + [1000 + next]] : []
    case .operation(var operation):
      try? operation.receive(PathOperator.item(value, 0), from: 0, now: 0)
      let output = run(&operation)
      stages[index] = .operation(operation)
      return output
    case .route(let route, var paths, var known):
      let path = route.choose(value)
      let output = paths[path].feed(value)
      if paths[path].isOver { known.insert(path) }
      stages[index] = .route(route, paths, known: known)
      return output
    }
  }

  private mutating func flush(_ index: Int) -> [[Int]] {
    switch stages[index] {
    case .pool, .zipped: return []
    case .operation(var operation):
      operation.inputEnded(0)
      let output = run(&operation)
      stages[index] = .operation(operation)
      return output
    case .route(let route, var paths, let known):
      let output = paths.indices.flatMap { paths[$0].finish() }
      stages[index] = .route(route, paths, known: known)
      return output
    }
  }

  private func run(_ operation: inout PathOperator) -> [[Int]] {
    var output: [[Int]] = []
    while case .emit(let item, _) = operation.next(now: 0) { output.append(item.value as? [Int] ?? []) }
    return output
  }

  private func hasEnded(_ index: Int) -> Bool {
    switch stages[index] {
    case .pool: return false
    case .zipped(let next, let count): return next > count
    case .operation(var operation):
      if case .end = operation.next(now: 0) { return true }
      return false
    case .route(let route, let paths, let known):
      // In order, a path is asked for its end only when something was routed to it.
      return route.ordering == .input ? known.count == paths.count : paths.allSatisfy(\.isOver)
    }
  }
}
