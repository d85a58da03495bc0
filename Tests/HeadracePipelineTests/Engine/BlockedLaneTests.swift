import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

/// Calls that do not return, in stages with a time limit: neither other samples nor later epochs wait for them.
@Suite struct BlockedLaneTests {
  /// Long enough for all other calls on a busy machine.
  private let limit = StageOptions.timeout(.seconds(1))

  private func epoch<Element>(_ elements: inout Elements<Element>) throws -> [Element] {
    var found: [Element] = []
    while let element = try elements.next() { found.append(element) }
    return found
  }

  @Test func anOperationThatBlocksTheOnlyLaneHoldsUpNoOtherSample() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    defer { gate.open() }
    var elements = try Pipeline(from: 0..<10)
      .map("fetch", onFailure: .skip(upTo: 2), options: limit) { (number: Int) async -> Int in
        if number % 5 == 3 { gate.pass() }
        return number
      }
      .run(threads: 1, epochs: 1)
    #expect(try epoch(&elements) == [0, 1, 2, 4, 5, 6, 7, 9])
    #expect(elements.takeFailures().newest.map(\.position) == [3, 8])
    gate.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    let fetch = elements.statistics()[1]
    #expect([fetch.taskCount, fetch.failureCount, fetch.timeoutCount] == [10, 2, 2])
  }

  @Test func anOperationThatBlocksTheOnlyLaneIsTriedAgain() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let (gate, calls) = (Gate(), Tally())
    defer { gate.open() }
    var elements = try Pipeline(from: 0..<4)
      .map("fetch", onFailure: .retry(times: 2, backoff: .zero), options: limit) { (number: Int) async -> Int in
        if number == 1, calls.add() < 3 { gate.pass() }
        return number
      }
      .run(threads: 1, epochs: 1)
    #expect(try epoch(&elements) == [0, 1, 2, 3])
    #expect(elements.statistics()[1].timeoutCount == 2)
  }

  /// A stage that has a time limit, with a closure that is `async` or not.
  private func fetching(
    _ source: Pipeline<Int>, isAsync: Bool, _ work: @escaping @Sendable (Int) -> Int
  ) -> Pipeline<Int> {
    isAsync
      ? source.map("fetch", options: limit) { (number: Int) async in work(number) }
      : source.map("fetch", options: limit, work)
  }

  /// A second epoch can be at work beside one that does not come to rest, a third cannot.
  @Test(arguments: [true, false]) func aCallThatBlocksInAnEpochThatWasLeftHoldsUpNoLaterOne(isAsync: Bool) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let (gate, blocked) = (Gate(), Tally())
    defer { gate.open() }
    let source = Pipeline(from: 0..<10)
    @Sendable func work(_ number: Int) -> Int {
      if number == 3, blocked.count == 0 {
        blocked.add()
        gate.pass()
      }
      return number
    }
    var elements = try fetching(source, isAsync: isAsync, work).run(threads: 1)
    #expect(try elements.next() == 0)
    blocked.wait(for: 1)
    elements.skipRestOfEpoch()
    for _ in 0..<4 { #expect(try epoch(&elements) == Array(0..<10)) }
  }

  @Test func anOperationThatIsNeverResumedInAnEpochThatWasLeftHoldsUpNoLaterOne() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = AsyncGate()
    defer { gate.open() }
    var elements = try Pipeline(from: 0..<10)
      .map("fetch", options: limit) { (number: Int) async -> Int in
        if number == 3, gate.arrived.count == 0 { await gate.pass() }
        return number
      }
      .run(threads: 1)
    #expect(try elements.next() == 0)
    gate.arrived.wait(for: 1)
    elements.skipRestOfEpoch()
    for _ in 0..<4 { #expect(try epoch(&elements) == Array(0..<10)) }
  }

  @Test(arguments: [true, false]) func aCallThatBlocksInAPassThatIsOverHoldsUpNoLaterOne(isAsync: Bool) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let (gate, blocked) = (Gate(), Tally())
    defer { gate.open() }
    let source = Pipeline(from: 0..<10)
    @Sendable func work(_ number: Int) -> Int {
      if number == 5, blocked.count == 0 {
        blocked.add()
        gate.pass()
      }
      return number
    }
    var elements = try fetching(source, isAsync: isAsync, work)
      .map("wait") { number in
        // Until a call is under way that the pass does not need.
        if number == 4 { blocked.wait(for: 1) }
        return number
      }
      .take(5).repeat(3)
      .run(threads: 2, epochs: 2)
    for _ in 0..<2 { #expect(try epoch(&elements) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]) }
  }

  @Test func aCallThatBlocksInAnEpochThatFailsHoldsUpNoLaterOne() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let (gate, blocked) = (Gate(), Tally())
    let hasFailed = Atomic<Bool>(false)
    defer { gate.open() }
    var elements = try Pipeline(from: 0..<10)
      .map("fetch", concurrency: 2, ordering: .completion, options: limit) { number in
        if number == 0, blocked.count == 0 {
          blocked.add()
          gate.pass()
        }
        if number == 1, !hasFailed.exchange(true, ordering: .relaxed) {
          blocked.wait(for: 1)
          throw Mishap()
        }
        return number
      }
      .run(threads: 2)
    let error = #expect(throws: HeadraceError.self) { _ = try epoch(&elements) }
    #expect(error?.cause == "it went wrong")
    for _ in 0..<4 { #expect(try epoch(&elements).sorted() == Array(0..<10)) }
  }
}
