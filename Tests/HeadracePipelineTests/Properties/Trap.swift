import HeadraceCore
import HeadracePipeline

/// A way in which a stage can fail, made into a stage that fails so for the samples that are told.
struct Trap: Sendable, CustomStringConvertible {
  enum Kind: CaseIterable, Sendable {
    case closureThrows, closureThrowsNamed, filterThrows, asyncThrows
    case retriesExhausted, asyncRetriesExhausted, timeLimit, asyncTimeLimit
    case skipLimit, asyncSkipLimit, shareAtEnd, totalLimit
    case flatMapThrows, iteratorThrowsMidway
    case tooFewResults, tooManyResults, callThrows, asyncTooFewResults
    case accumulateThrows, flushThrows, keyThrows, negativeLength

    var code: HeadraceError.Code {
      switch self {
      case .closureThrowsNamed: .malformedImage
      case .timeLimit, .asyncTimeLimit: .timedOut
      case .skipLimit, .asyncSkipLimit, .shareAtEnd, .totalLimit: .tooManyFailures
      default: .stageFailed
      }
    }

    /// Whether samples are left out before the one that ends the epoch.
    var leavesOut: Bool {
      switch self {
      case .skipLimit, .asyncSkipLimit, .shareAtEnd, .totalLimit: true
      default: false
      }
    }

    /// Whether it is found only when all samples have passed.
    var isAtEnd: Bool { self == .shareAtEnd || self == .flushThrows }
  }

  let kind: Kind
  let ordering: Ordering
  let concurrency: Int
  /// Which samples fail: those that hold one of these numbers.
  let bad: Set<Int>
  /// How many may be left out before the last of them.
  var tolerated = 0
  /// Opened when the test is over, for calls that hang until then.
  let gate = Gate()
  let calls = Tally()

  static let stage = "trap"
  /// Long enough for any call that does not hang, whatever else the machine has to do.
  private static let timeLimit = StageOptions.timeout(.seconds(1))

  var description: String { "\(kind), \(ordering), \(concurrency) at once" }

  private func check(_ numbers: [Int]) throws {
    guard !bad.isDisjoint(with: numbers) else { return }
    calls.add()
    if kind == .closureThrowsNamed { throw HeadraceError(.malformedImage, "The image is damaged.") }
    throw Mishap()
  }

  /// The pipeline with the trap behind it.
  func appended<Element: Numbered>(to pipeline: Pipeline<Element>) -> Pipeline<Element> {
    let concurrency = Concurrency.fixed(concurrency)
    let trap = self
    func map(_ policy: FailurePolicy = .raise, _ options: StageOptions = .standard) -> Pipeline<Element> {
      pipeline.map(
        Self.stage, concurrency: concurrency, ordering: ordering, onFailure: policy, options: options
      ) { element in
        if options.timeout == nil { try trap.check(element.numbers) }
        if options.timeout != nil, !trap.bad.isDisjoint(with: element.numbers) { trap.gate.pass() }
        return element
      }
    }
    func asyncMap(_ policy: FailurePolicy = .raise, _ options: StageOptions = .standard) -> Pipeline<Element> {
      pipeline.map(
        Self.stage, concurrency: concurrency, ordering: ordering, onFailure: policy, options: options
      ) { element in
        await Task.yield()
        if options.timeout == nil { try trap.check(element.numbers) }
        if options.timeout != nil, !trap.bad.isDisjoint(with: element.numbers) {
          try await Task.sleep(for: .seconds(600))
        }
        return element
      }
    }
    switch kind {
    case .closureThrows, .closureThrowsNamed: return map()
    case .asyncThrows: return asyncMap()
    case .retriesExhausted: return map(.retry(times: 2, backoff: .microseconds(100)))
    case .asyncRetriesExhausted: return asyncMap(.retry(times: 2, backoff: .microseconds(100)))
    case .timeLimit: return map(.raise, Self.timeLimit)
    case .asyncTimeLimit: return asyncMap(.raise, Self.timeLimit)
    case .skipLimit: return map(.skip(upTo: tolerated))
    case .asyncSkipLimit: return asyncMap(.skip(upTo: tolerated))
    case .shareAtEnd: return map(.skip(fraction: 0.01))
    case .totalLimit: return map(.skip(upTo: 1000)).limits(failures: tolerated)
    case .filterThrows:
      return pipeline.filter(Self.stage, concurrency: concurrency, ordering: ordering) { element in
        try trap.check(element.numbers)
        return true
      }
    case .flatMapThrows:
      return pipeline.flatMap(Self.stage, concurrency: concurrency, ordering: ordering) { element in
        try trap.check(element.numbers)
        return [element]
      }
    case .iteratorThrowsMidway:
      return pipeline.flatMap(
        Self.stage, concurrency: concurrency, ordering: ordering,
        reading: { TrapReader(element: $0, check: { try trap.check($0) }) })
    case .callThrows, .tooFewResults, .tooManyResults:
      return pipeline.microBatch(Self.stage, max: 3, concurrency: concurrency, ordering: ordering) { elements in
        try trap.results(elements)
      }
    case .asyncTooFewResults:
      return pipeline.microBatch(Self.stage, max: 3, concurrency: concurrency, ordering: ordering) { elements in
        await Task.yield()
        return try trap.results(elements)
      }
    case .accumulateThrows, .flushThrows:
      return pipeline.aggregate(Self.stage) {
        TrapAggregator<Element>(failsAtEnd: trap.kind == .flushThrows, check: { try trap.check($0) })
      }
    case .keyThrows:
      return pipeline.batch(
        max: 1, name: Self.stage,
        by: {
          try trap.check($0.numbers); return 0
        }
      ).unbatch(name: "one")
    case .negativeLength:
      return pipeline.bucketByLength(Self.stage, boundaries: [], batchSizes: [1]) { element in
        trap.bad.isDisjoint(with: element.numbers) ? 1 : -1
      }.unbatch(name: "one")
    }
  }

  private func results<Element: Numbered>(_ elements: [Element]) throws -> [Element] {
    if bad.isDisjoint(with: elements.flatMap(\.numbers)) { return elements }
    switch kind {
    case .callThrows: throw Mishap()
    case .tooManyResults: return elements + elements
    default: return Array(elements.dropLast())
    }
  }
}
