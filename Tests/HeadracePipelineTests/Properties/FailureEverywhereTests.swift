import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

/// Every way to fail, in every place of a pipeline with arrays in it: each ends the epoch with an error that says
/// where, after what was good, and the next epoch works.
@Suite struct FailureEverywhereTests {
  /// Where the trap is: among numbers, among arrays of them, or behind stages that call for several at once.
  enum Place: CaseIterable { case front, middle, back }

  private static let sampleCount = 40
  /// It ends the epoch: a whole number of arrays and of calls after the first sample, so that nothing is kept back by
  /// them.
  private static let last = 24
  /// Where some may be left out, it is these first.
  private static let early = Set(6..<12)

  private func pipeline(_ trap: Trap, _ place: Place, _ source: FailingSource) -> Pipeline<Int> {
    let concurrency = Concurrency.fixed(trap.concurrency)
    var numbers = Pipeline(from: source).map("first", concurrency: concurrency, ordering: trap.ordering) { $0 }
    if place == .front { numbers = trap.appended(to: numbers) }
    var pairs = numbers.batch(2, name: "pairs")
    if place == .middle { pairs = trap.appended(to: pairs) }
    var rest = pairs.unbatch(name: "open")
      .microBatch("calls", max: 3, concurrency: concurrency, ordering: trap.ordering) { $0 }
      .map("waits", concurrency: concurrency, ordering: trap.ordering) { number in
        await Task.yield()
        return number
      }
    if place == .back { rest = trap.appended(to: rest) }
    return rest.map("end", concurrency: concurrency, ordering: trap.ordering) { $0 }
  }

  /// Values and error of the first epoch; those of the second are as they should be.
  private func run(
    _ pipeline: Pipeline<Int>, ordering: Ordering, _ what: String
  ) throws -> (values: [Int], error: HeadraceError?) {
    try Watchdog.guarding(what, seconds: 60) {
      var elements = try pipeline.run(threads: 3, epochs: 2)
      var values: [Int] = []
      var failure: HeadraceError?
      do throws(HeadraceError) {
        while let value = try elements.next() { values.append(value) }
      } catch {
        failure = error
      }
      var next: [Int] = []
      while let value = try elements.next() { next.append(value) }
      #expect((ordering == .input ? next : next.sorted()) == Array(10_000..<(10_000 + Self.sampleCount)), "\(what)")
      #expect(try elements.next() == nil)
      return (values, failure)
    }
  }

  @Test(arguments: Trap.Kind.allCases, Place.allCases) func eachFailureNamesItsPlaceAndTheNextEpochWorks(
    kind: Trap.Kind, place: Place
  ) throws {
    for ordering in [Ordering.input, .completion] {
      for concurrency in [1, 3] {
        let bad = kind.leavesOut ? Self.early.union([Self.last]) : [Self.last]
        // Of arrays half as many are left out.
        let tolerated = place == .middle ? Self.early.count / 2 : Self.early.count
        let trap = Trap(kind: kind, ordering: ordering, concurrency: concurrency, bad: bad, tolerated: tolerated)
        defer { trap.gate.open() }
        let what = "\(trap), \(place)"
        let source = FailingSource(count: Self.sampleCount)
        let (values, error) = try run(pipeline(trap, place, source), ordering: ordering, what)
        #expect(error?.code == kind.code, "\(what)")
        #expect(error?.stage == Trap.stage, "\(what)")
        #expect(error?.sample != nil, "\(what)")
        if kind == .retriesExhausted || kind == .asyncRetriesExhausted { #expect(trap.calls.count == 3, "\(what)") }
        #expect(Set(values).isSubset(of: 0..<Self.sampleCount), "\(what)")
        guard ordering == .input else { continue }
        if !kind.isAtEnd { #expect(error?.sample == SampleID(key: "sample \(Self.last)"), "\(what)") }
        #expect(values == expectedValues(kind, place), "\(what)")
      }
    }
  }

  private func expectedValues(_ kind: Trap.Kind, _ place: Place) -> [Int] {
    let kept = (0..<Self.sampleCount).filter { !kind.leavesOut || !Self.early.contains($0) }
    switch kind {
    case .shareAtEnd:
      let isLost: (Int) -> Bool = place == .middle ? { $0 / 2 == Self.last / 2 } : { $0 == Self.last }
      let all = kept.filter { !isLost($0) }
      // What is in an array that is not full, or in a call that is not, is dropped with the error.
      return place == .front
        ? Array(all.prefix(all.count / 6 * 6)) : place == .middle ? Array(all.prefix(all.count / 3 * 3)) : all
    case .flushThrows:
      return place == .back ? kept : Array(kept.prefix(kept.count / 3 * 3))
    case .iteratorThrowsMidway where place == .back: return kept.filter { $0 <= Self.last }
    default: return kept.filter { $0 < Self.last }
    }
  }

  @Test(arguments: [Ordering.input, .completion], [1, 3]) func aSourceThatFailsIsNamed(
    ordering: Ordering, concurrency: Int
  ) throws {
    for opens in [true, false] {
      let source = FailingSource(count: Self.sampleCount, failsAt: opens ? Self.last : nil, opens: opens)
      let trap = Trap(kind: .closureThrows, ordering: ordering, concurrency: concurrency, bad: [])
      let what = "\(source), \(ordering), \(concurrency) at once"
      let (values, error) = try run(pipeline(trap, .middle, source), ordering: ordering, what)
      #expect(error?.code == .sourceFailed, "\(what)")
      #expect(error?.stage == "source", "\(what)")
      #expect(error?.message.contains(opens ? "after 24 samples" : "after 0 samples") == true, "\(what)")
      let good = Array(0..<(opens ? Self.last : 0))
      #expect((ordering == .input ? values : values.sorted()) == good, "\(what)")
    }
  }
}
