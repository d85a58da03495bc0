import HeadraceCore
import HeadracePipeline
import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

/// What is counted of a stage whose closure is `async`.
@Suite struct AsyncStatisticsTests {
  @Test func aCallThatIsMadeAgainIsACallAndTheWaitBeforeItIsNone() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let tries = Mutex<[Int: Int]>([:])
    let begin = MonotonicClock.now
    var elements = try Pipeline(from: 0..<4)
      .map("fetch", onFailure: .retry(times: 2, backoff: .milliseconds(20))) { (number: Int) async throws -> Int in
        let count = tries.withLock { tries in
          tries[number, default: 0] += 1
          return tries[number] ?? 0
        }
        if count < 3 { throw Mishap() }
        return number
      }
      .run(threads: 1, epochs: 1)
    var found: [Int] = []
    while let number = try elements.next() { found.append(number) }
    let seconds = Double(MonotonicClock.now - begin) / 1e9
    #expect(found == Array(0..<4))
    let fetch = elements.statistics()[1]
    #expect([fetch.taskCount, fetch.failureCount, fetch.retryCount, fetch.timeoutCount] == [12, 8, 8, 0])
    // One operation at a time: calls and the waits of 20 and 40 ms before them, four times, come one after the other.
    #expect(fetch.taskSeconds + 4 * 0.06 <= seconds)
  }

  @Test func allOperationsInFlightAreAtWork() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = AsyncGate()
    var elements = try Pipeline(from: 0..<100)
      .map("fetch", concurrency: 32) { (number: Int) async -> Int in
        await gate.pass()
        return number
      }
      .run(threads: 1, epochs: 1)
    gate.arrived.wait(for: 32)
    let first = elements.statistics()
    #expect(first[1].activeCount == 32)
    // Until the clock has moved.
    var second = elements.statistics()
    while second[1].elapsedSeconds == first[1].elapsedSeconds { second = elements.statistics() }
    let interval = second.since(first)
    #expect(interval[1].busy > 0.999)
    #expect(interval[0].output.getSeconds == 0)
    gate.open()
    var count = 0
    while try elements.next() != nil { count += 1 }
    #expect(count == 100)
    #expect(elements.stop(timeout: .seconds(100)).isEmpty)
    #expect(elements.statistics()[1].activeCount == 0)
  }

  @Test func anOperationWhoseTimeIsOverIsOneCallThatFailed() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    // Others can be too late as well, where the machine has much to do.
    var elements = try Pipeline(from: 0..<10)
      .map("fetch", concurrency: 4, onFailure: .skip(upTo: 10), options: .timeout(.milliseconds(50))) {
        (number: Int) async throws -> Int in
        // It is cancelled when its time is over, and then throws.
        if number % 2 == 0 { try await Task.sleep(for: .seconds(1_000)) }
        return number
      }
      .run(threads: 2, epochs: 1)
    var count = 0
    while try elements.next() != nil { count += 1 }
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    let fetch = elements.statistics()[1]
    #expect(count <= 5)
    #expect([fetch.taskCount, fetch.failureCount, fetch.timeoutCount] == [10, 10 - count, 10 - count])
  }
}
