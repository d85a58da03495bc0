import Glibc
import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

/// Calls that return after their time was over.
@Suite struct LateCallTests {
  @Test(arguments: [Ordering.input, .completion])
  func aCallThatThrowsAfterItsTimeIsTriedAgainOnce(ordering: Ordering) throws {
    try Watchdog.guarding("late calls that throw") {
      let tries = Mutex<[Int: Int]>([:])
      let again = (0..<20).map { _ in Tally() }
      var elements = try Pipeline(from: 0..<20)
        .map(
          "slow", concurrency: 4, ordering: ordering,
          onFailure: .retry(times: 1, backoff: .zero), options: .timeout(.seconds(1))
        ) { (number: Int) in
          let count = tries.withLock { tries in
            tries[number, default: 0] += 1
            return tries[number] ?? 0
          }
          if number % 5 == 0, count == 1 {
            // Its time is over, and it is tried again.
            again[number].wait(for: 1)
            throw Mishap()
          }
          if count == 2 { again[number].add() }
          return number
        }
        .run(threads: 4, epochs: 2)
      for _ in 0..<2 {
        var found: [Int] = []
        while let number = try elements.next() { found.append(number) }
        #expect(found.sorted() == Array(0..<20))
        if ordering == .input { #expect(found == Array(0..<20)) }
      }
      #expect(elements.stop(timeout: .seconds(30)).isEmpty)
      #expect(tries.withLock { $0.values.max() } == 3)
      // A call that was late and threw as well is one call that failed.
      let slow = elements.statistics()[1]
      #expect([slow.taskCount, slow.failureCount, slow.retryCount] == [44, 4, 4])
    }
  }

  @Test func aTimeThatNoClockReachesIsNoLimit() throws {
    try Watchdog.guarding("a timeout of longer than 64 bits of nanoseconds") {
      var elements = try Pipeline(from: 0..<10)
        .map("plain", options: .timeout(.seconds(Int64.max))) { (number: Int) in number }
        .map("waits", options: .timeout(.seconds(Int64.max))) { number in
          await Task.yield()
          return number
        }
        .run(threads: 1, epochs: 1, reporting: .every(.seconds(Int64.max)) { _ in })
      var count = 0
      while try elements.next() != nil { count += 1 }
      #expect(count == 10)
    }
  }

  @Test func manyCallsThatAreLateAtOnceLeaveTheEpochWhole() throws {
    try Watchdog.guarding("many late calls at once") {
      // They return just as their time is over, now before it is noticed and now after.
      var elements = try Pipeline(from: 0..<200)
        .map("slow", concurrency: 8, onFailure: .skip(upTo: .max), options: .timeout(.milliseconds(10))) {
          (number: Int) in
          if number % 2 == 0 { usleep(UInt32(8_000 + number % 7 * 2_000)) }
          return number
        }
        .map("after", concurrency: 2) { $0 }
        .run(threads: 8, epochs: 3)
      var count = 0
      for _ in 0..<3 {
        while try elements.next() != nil { count += 1 }
      }
      #expect(elements.stop(timeout: .seconds(30)).isEmpty)
      let failures = elements.takeFailures().count
      #expect(count + failures == 600)
      // Each call is counted once, whether it returned before it was noticed or after.
      let slow = elements.statistics()[1]
      #expect(slow.taskCount == 600)
      #expect(slow.failureCount == failures)
      #expect(slow.timeoutCount == failures)
    }
  }
}
