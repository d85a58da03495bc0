import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct AggregateOperatorTests {
  /// Gathers values until one of kind 1 comes; cannot take one of kind 9.
  private struct Gatherer: Aggregator {
    /// What `flush` does.
    enum Ending: CaseIterable {
      case returnsTheRest, returnsNothing, throwsAnError
    }

    let ending: Ending
    private var values: [Int] = []

    init(_ ending: Ending) {
      self.ending = ending
    }

    mutating func accumulate(_ input: Int) throws -> [Int]? {
      if input % 10 == 9 { throw Mishap() }
      values.append(input)
      guard input % 10 == 1 else { return nil }
      defer { values = [] }
      return values
    }

    mutating func flush() throws -> [Int]? {
      if ending == .throwsAnError { throw Mishap() }
      return ending == .returnsNothing || values.isEmpty ? nil : values
    }
  }

  private static func aggregate(_ aggregator: some Aggregator) -> AggregateOperator {
    AggregateOperator(TypedAggregator(aggregator)) { error, position, label in
      let name = label?.id ?? SampleID(key: "no sample")
      return SampleFailure(
        epoch: 0, position: position, error: HeadraceError(.stageFailed, "\(error)", stage: "gather", sample: name))
    }
  }

  private static func model(_ history: OperatorDriver.History, _ ending: Gatherer.Ending) -> [OperatorDriver.Output] {
    var outputs: [OperatorDriver.Output] = []
    var values: [Int] = []
    var origin = 0
    for input in history.inputs {
      guard let value = input.value else {
        outputs.append(.mark)
        continue
      }
      if input.isBad {
        outputs.append(.failed(position: value / 10))
        continue
      }
      values.append(value)
      origin = values[0] / 10
      if input.kind == 1 {
        outputs.append(.values(values, position: origin))
        values = []
      }
    }
    guard history.hasEnded else { return outputs }
    switch ending {
    case .returnsTheRest: if !values.isEmpty { outputs.append(.values(values, position: origin)) }
    case .returnsNothing: break
    case .throwsAnError: outputs.append(.failed(position: origin))
    }
    return outputs
  }

  @Test(arguments: Gatherer.Ending.allCases)
  private func handsOnWhatIsCompleteAndAtTheEndTheRest(_ ending: Gatherer.Ending) throws {
    try withEveryScript(of: [.item(kind: 0), .item(kind: 1), .bad, .mark], upTo: 6) { script in
      let left = try OperatorDriver.play(script, { Self.aggregate(Gatherer(ending)) }) { Self.model($0, ending) }
      #expect(left == 0)
    }
  }

  @Test func anErrorOfFlushNamesTheFirstSampleThatItLoses() throws {
    var aggregate = Self.aggregate(Gatherer(.throwsAnError))
    for (position, value) in [1, 0, 0].enumerated() {
      let label = SampleLabel(SampleID(key: "n\(position)"))
      try aggregate.receive(Item(position: position, label: label, value: value), from: 0, now: 0)
      if position == 0 { _ = aggregate.next(now: 0) }
    }
    aggregate.inputEnded(0)
    guard case .fail(let failure) = aggregate.next(now: 0) else { return #expect(Bool(false)) }
    #expect(failure.position == 1)
    #expect(failure.error.sample == SampleID(key: "n1"))
    guard case .end = aggregate.next(now: 0) else { return #expect(Bool(false)) }
  }

  /// Counts the copies of what it gathers: an array that is not shared grows in place.
  private struct Hoarder: Aggregator {
    var values: [Int] = []
    var moves: Set<UInt> = []

    init(capacity: Int) {
      values.reserveCapacity(capacity)
    }

    mutating func accumulate(_ input: Int) -> Int? {
      values.append(input)
      unsafe values.withUnsafeBufferPointer { _ = moves.insert(UInt(bitPattern: $0.baseAddress)) }
      return nil
    }

    mutating func flush() -> Int? { moves.count }
  }

  @Test func whatIsGatheredIsNeverCopied() throws {
    var aggregate = Self.aggregate(Hoarder(capacity: 1000))
    for position in 0..<1000 {
      try aggregate.receive(Item(position: position, label: nil, value: position), from: 0, now: 0)
    }
    aggregate.inputEnded(0)
    guard case .emit(let item, to: 0) = aggregate.next(now: 0) else { return #expect(Bool(false)) }
    #expect(typed(item.value, as: Int.self) == 1)
  }
}
