import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

/// Operations of an `async` stage whose time is over.
@Suite struct LateOperationTests {
  @Test func anOperationWhoseTimeIsOverIsTriedAgain() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let tries = Mutex<[Int: Int]>([:])
    var elements = try Pipeline(from: 0..<10)
      .map(
        "fetch", concurrency: 4, onFailure: .retry(times: 1, backoff: .zero), options: .timeout(.seconds(1))
      ) { (number: Int) async throws -> Int in
        let count = tries.withLock { tries in
          tries[number, default: 0] += 1
          return tries[number] ?? 0
        }
        // It is cancelled when its time is over, and then throws.
        if number % 5 == 0, count == 1 { try await Task.sleep(for: .seconds(1_000)) }
        return number
      }
      .run(threads: 2, epochs: 1)
    var found: [Int] = []
    while let number = try elements.next() { found.append(number) }
    #expect(found == Array(0..<10))
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    let fetch = elements.statistics()[1]
    #expect([fetch.taskCount, fetch.failureCount, fetch.retryCount, fetch.timeoutCount] == [12, 2, 2, 2])
  }

  @Test func anOperationThatIsLateEachTimeFailsWhenItsTriesAreSpent() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = AsyncGate()
    var elements = try Pipeline(from: 0..<1)
      .map("fetch", onFailure: .retry(times: 2, backoff: .zero), options: .timeout(.milliseconds(50))) {
        (number: Int) async -> Int in
        // Whether it is cancelled or not.
        await gate.pass()
        return number
      }
      .run(threads: 1, epochs: 1)
    let error = #expect(throws: HeadraceError.self) { _ = try elements.next() }
    #expect(error?.code == .timedOut)
    gate.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    let fetch = elements.statistics()[1]
    #expect([fetch.taskCount, fetch.failureCount, fetch.retryCount, fetch.timeoutCount] == [3, 3, 2, 3])
  }

  @Test func anOperationThatBlocksTheOnlyLaneFailsWhenItsTimeIsOver() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    var elements = try Pipeline(from: 0..<3)
      .map("fetch", concurrency: 1, options: .timeout(.milliseconds(50))) { (number: Int) async -> Int in
        gate.pass()
        return number
      }
      .run(threads: 1, epochs: 1)
    let error = #expect(throws: HeadraceError.self) { _ = try elements.next() }
    #expect(error?.code == .timedOut)
    gate.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
  }
}
