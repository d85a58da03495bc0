import HeadraceCore

@testable import HeadracePipeline

/// Runs an operator as a node would, on a script and a virtual clock, and compares what comes out with a model at every
/// point at which the operator waits for input. There it is asked twice, as it is when a new slice begins, and what was
/// said is carried out once.
///
/// Items have the value `10 * position + kind`, where the position counts items from 0.
struct OperatorDriver {
  /// What comes out.
  enum Output: Hashable, CustomStringConvertible {
    case values([Int], position: Int)
    case mark
    case failed(position: Int)

    static func value(_ value: Int) -> Output { .values([value], position: value / 10) }

    var description: String {
      switch self {
      case .values(let values, let position): "\(values)@\(position)"
      case .mark: "|"
      case .failed(let position): "failed@\(position)"
      }
    }
  }

  /// Something that came in, and when.
  struct Input: Hashable {
    /// nil: a mark.
    var value: Int?
    var time: UInt64
    /// When the operator was last asked what to do before it came.
    var askedAt: UInt64
    var kind: Int { (value ?? 0) % 10 }
    var isBad: Bool { value != nil && kind == 9 }
  }

  /// What a model is asked about.
  struct History {
    var inputs: [Input] = []
    var hasEnded = false
    var now: UInt64 = 0
  }

  /// How the node behaves, where it is free to.
  struct Manner: Hashable {
    /// Nanoseconds by which it wakes late.
    var lateness: UInt64 = 0
    /// Nanoseconds for which the output is full after each item.
    var blocking: UInt64 = 0
    /// Of an item and a time that come at once, the item is first.
    var itemsFirst = false

    static let all = [UInt64(0), 2].flatMap { lateness in
      [UInt64(0), 1].flatMap { blocking in
        [false, true].map { Manner(lateness: lateness, blocking: blocking, itemsFirst: $0) }
      }
    }
  }

  /// A rule that was broken.
  struct Violation: Error, CustomStringConvertible {
    var description: String
  }

  /// What an operator should have handed on until now, and until when it should wait.
  struct Expectation {
    var outputs: [Output]
    var deadline: UInt64?
  }

  private let script: [InputEvent]
  private let manner: Manner
  private var remaining: ArraySlice<InputEvent>
  private var history = History()
  private var itemCount = 0
  private var outputs: [Output] = []
  private var askedAt: UInt64 = 0

  private init(_ script: [InputEvent], _ manner: Manner) {
    self.script = script
    self.manner = manner
    remaining = script[...]
  }

  /// Plays a script for an operator that waits for no time.
  ///
  /// - Parameter model: what it should have handed on until now.
  /// - Returns: events that were left because the operator ended before.
  @discardableResult
  static func play(
    _ script: [InputEvent], _ makeOperator: () -> some StreamOperator, expecting model: (History) -> [Output]
  ) throws(Violation) -> Int {
    try play(script, [Manner()], makeOperator) { Expectation(outputs: model($0)) }
  }

  /// Plays a script in several manners.
  @discardableResult
  static func play(
    _ script: [InputEvent], _ manners: [Manner], _ makeOperator: () -> some StreamOperator,
    expecting model: (History) -> Expectation
  ) throws(Violation) -> Int {
    var left = 0
    for manner in manners {
      var driver = OperatorDriver(script, manner)
      left = try driver.run(makeOperator(), model)
    }
    return left
  }

  private mutating func run(
    _ operation: some StreamOperator, _ model: (History) -> Expectation
  ) throws(Violation) -> Int {
    var operation = operation
    for _ in 0..<1000 {
      askedAt = history.now
      switch operation.next(now: history.now) {
      case .emit(let item, to: 0):
        try emit(item)
        history.now += manner.blocking
      case .emit(_, let port): throw violation("hands on through output \(port), and has one")
      case .fail(let failure): outputs.append(.failed(position: failure.position))
      case .end:
        try compare(model(history).outputs)
        return remaining.count
      case .take(let input, let deadline):
        guard input == .any || input == .port(0) else { throw violation("takes from \(input)") }
        if history.hasEnded { throw violation("takes from an input that has ended") }
        let expectation = model(history)
        try compare(expectation.outputs)
        guard deadline == expectation.deadline else {
          throw violation("waits until \(deadline ?? 0), and should until \(expectation.deadline ?? 0)")
        }
        guard case .take(input, until: deadline) = operation.next(now: history.now) else {
          throw violation("wants something else when asked again")
        }
        try wait(&operation, until: deadline)
      }
    }
    throw violation("never ends")
  }

  /// Lets time pass until the operator is to be asked again: something has come, or the time is there.
  private mutating func wait(_ operation: inout some StreamOperator, until deadline: UInt64?) throws(Violation) {
    if let deadline, deadline <= history.now { throw violation("waits for a time that is past") }
    let wake = deadline.map { $0 + manner.lateness } ?? .max
    while case .pause(let ticks)? = remaining.first {
      let end = history.now + ticks
      if wake < end || wake == end && !manner.itemsFirst {
        remaining[remaining.startIndex] = .pause(end - wake)
        history.now = wake
        return
      }
      history.now = end
      remaining.removeFirst()
    }
    deliver(&operation)
  }

  private mutating func deliver(_ operation: inout some StreamOperator) {
    guard let event = remaining.popFirst() else {
      history.hasEnded = true
      return operation.inputEnded(0)
    }
    guard case .item(let kind) = event else {
      history.inputs.append(Input(time: history.now, askedAt: askedAt))
      return operation.receiveMark(from: 0)
    }
    let value = 10 * itemCount + kind
    history.inputs.append(Input(value: value, time: history.now, askedAt: askedAt))
    let item = Item(
      position: itemCount, label: SampleLabel(SampleID(key: "n\(itemCount)")), byteCount: 1 + itemCount, value: value)
    itemCount += 1
    do {
      try operation.receive(item, from: 0, now: history.now)
    } catch {
      outputs.append(.failed(position: item.position))
    }
  }

  private mutating func emit(_ item: Item) throws(Violation) {
    if item.isMark { return outputs.append(.mark) }
    guard item.label?.id.key == "n\(item.position)" else {
      throw violation("names sample \(item.position) \(item.label?.id.key ?? "not at all")")
    }
    switch item.value {
    case let group as ItemGroup:
      let values = group.items.map { $0.value as? Int ?? -1 }
      guard item.byteCount == values.reduce(0, { $0 + 1 + $1 / 10 }) else {
        throw violation("counts \(item.byteCount) bytes for \(values)")
      }
      outputs.append(.values(values, position: item.position))
    case let values as [Int]: outputs.append(.values(values, position: item.position))
    case let value as Int: outputs.append(.values([value], position: item.position))
    default: throw violation("hands on \(item.value)")
    }
  }

  private func compare(_ expected: [Output]) throws(Violation) {
    if outputs != expected { throw violation("has handed on \(outputs), and should have \(expected)") }
    let marksIn = history.inputs.count { $0.value == nil }
    let marksOut = outputs.count { $0 == .mark }
    if marksIn != marksOut { throw violation("has handed on \(marksOut) of \(marksIn) marks") }
  }

  private func violation(_ what: String) -> Violation {
    Violation(description: "\(what) [script \(script), \(manner), now \(history.now)]")
  }
}
