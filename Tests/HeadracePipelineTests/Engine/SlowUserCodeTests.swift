import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

/// Users' code that takes its time where nobody waits for it holds up nothing else: no retry, no window, no time limit.
@Suite struct SlowUserCodeTests {
  /// Each number fails the first time that it is tried.
  private final class FirstTries: Sendable {
    private let tried = Mutex<Set<Int>>([])
    func check(_ number: Int) throws {
      if tried.withLock({ $0.insert(number).inserted }) { throw Mishap() }
    }
  }

  @Test func anOperationThatIsLeftBehindHoldsUpNoRetryOfTheNextEpoch() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let begun = Tally()
    let left = Tally()
    let tries = FirstTries()
    var elements = try Pipeline(from: 0..<10)
      .map("fetch", concurrency: 2, ordering: .completion) { (number: Int) async -> Int in
        if number == 0, begun.add() == 1 {
          try? await Task.sleep(for: .seconds(1_000))
          left.add()
          gate.pass()
        }
        return number
      }
      .map("again", onFailure: .retry(times: 1, backoff: .milliseconds(1))) { number in
        try tries.check(number)
        return number
      }
      .run(threads: 2, epochs: 2)
    #expect(try elements.next() != nil)
    elements.skipRestOfEpoch()
    // Its task is cancelled, and goes on without its epoch.
    left.wait(for: 1)
    var found: [Int] = []
    while let number = try elements.next() { found.append(number) }
    #expect(found.sorted() == Array(0..<10))
    gate.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
  }

  /// A number whose files take until a gate is opened.
  private struct Held: Storable, Sendable {
    let number: Int
    var gate: Gate?
    var asked: Tally?

    init(_ number: Int, _ gate: Gate, _ asked: Tally) {
      self.number = number
      self.gate = gate
      self.asked = asked
    }
    init(storedBytes: Span<UInt8>) { number = 0 }
    func store(into bytes: inout [UInt8]) {}
    func inspectableFiles() -> [(name: String, bytes: [UInt8])] {
      asked?.add()
      gate?.pass()
      return []
    }
  }

  @Test(arguments: [false, true]) func aSampleThatIsLateAndSlowToBeKeptHoldsUpNoRetry(isAsync: Bool) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let (call, keeping, asked) = (Gate(), Gate(), Tally())
    let tries = FirstTries()
    let source = Pipeline(from: 0..<10).map("make") { Held($0, keeping, asked) }
    let policy = FailurePolicy.quarantine(folder.file("bad"), upTo: 10)
    let options = StageOptions.timeout(.seconds(1))
    let work =
      isAsync
      ? source.map("work", concurrency: 2, ordering: .completion, onFailure: policy, options: options) {
        held async throws -> Int in
        if held.number == 0 { try await Task.sleep(for: .seconds(1_000)) }
        return held.number
      }
      : source.map("work", concurrency: 2, ordering: .completion, onFailure: policy, options: options) { held -> Int in
        if held.number == 0 { call.pass() }
        return held.number
      }
    var elements =
      try work
      .map("again", onFailure: .retry(times: 1, backoff: .milliseconds(1))) { number in
        // Not before the late one is being kept.
        asked.wait(for: 1)
        try tries.check(number)
        return number
      }
      .run(threads: 3, epochs: 1)
    var found: [Int] = []
    for _ in 1..<10 { found.append(try #require(try elements.next())) }
    #expect(found.sorted() == Array(1..<10))
    keeping.open()
    #expect(try elements.next() == nil)
    #expect(elements.takeFailures().count == 1)
    call.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    #expect(elements.statistics()[2].timeoutCount == 1)
  }

  @Test func anOperationThatIsLateIsKeptWhileEveryLaneIsStuck() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let (call, keeping, asked) = (Gate(), Gate(), Tally())
    keeping.open()
    let begun = AsyncGate()
    var elements = try Pipeline(from: 0..<2)
      .map("make") { Held($0, keeping, asked) }
      .map(
        "fetch", concurrency: 2, ordering: .completion, onFailure: .quarantine(folder.file("bad"), upTo: 1),
        options: .timeout(.seconds(1))
      ) { held async throws -> Int in
        if held.number == 1 {
          begun.open()
          try await Task.sleep(for: .seconds(1_000))
        }
        await begun.pass()
        return held.number
      }
      .map("stuck") { number in
        call.pass()
        return number
      }
      .run(threads: 1, epochs: 1)
    // The only lane is in another stage, which has no time limit.
    asked.wait(for: 1)
    call.open()
    #expect(try elements.next() == 0)
    #expect(try elements.next() == nil)
    #expect(elements.takeFailures().count == 1)
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
  }
}
