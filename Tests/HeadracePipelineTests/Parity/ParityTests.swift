import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// What goes wrong in other loaders and is not proved elsewhere to go right here; docs/parity.md has the list.
@Suite struct ParityTests {
  @Test(arguments: [1, 2, 4]) func anErrorReachesWhoTakesTheElementsInEveryEpoch(_ threads: Int) throws {
    try Watchdog.guarding("three epochs that fail") {
      var elements = try Pipeline(from: 0..<7)
        .map("check", concurrency: 2) { number in if number == 4 { throw Mishap() } else { number } }
        .run(threads: threads, epochs: 3)
      for epoch in 0..<3 {
        var taken: [Int] = []
        var failure: HeadraceError?
        do throws(HeadraceError) {
          while let element = try elements.next() { taken.append(element) }
        } catch {
          failure = error
        }
        #expect(taken == [0, 1, 2, 3])
        #expect(failure?.stage == "check")
        #expect(failure?.sample?.key == "sample 4")
        #expect(failure?.message.contains("epoch \(epoch)") == true, "\(String(describing: failure))")
      }
    }
  }

  @Test func aTimeoutLosesNoElement() throws {
    let gate = Gate()
    try Watchdog.guarding("an element that waits for the test") {
      var elements = try Pipeline(from: 0..<3)
        .map("slow") { number in
          if number == 1 { gate.pass() }
          return number
        }
        .run(threads: 1, epochs: 1)
      let first = try elements.next()
      var code: HeadraceError.Code?
      do throws(HeadraceError) {
        _ = try elements.next(timeout: .milliseconds(1))
      } catch {
        code = error.code
      }
      gate.open()
      var rest: [Int] = []
      while let element = try elements.next() { rest.append(element) }
      #expect(first == 0)
      #expect(code == .timedOut)
      #expect(rest == [1, 2])
    }
  }

  @Test(arguments: [1, 3]) func theValuesOfEachSampleComeInItsPlace(_ concurrency: Int) throws {
    let pipeline = Pipeline(from: 0..<5)
      .flatMap(concurrency: .fixed(concurrency), ordering: .input) { number in (0..<number).map { 10 * number + $0 } }
    #expect(try pipeline.collected() == [[10, 20, 21, 30, 31, 32, 40, 41, 42, 43]])
  }

  @Test(arguments: [1, 4], [9, 10]) func failuresOfAllStagesCountTogether(_ threads: Int, _ tolerated: Int) throws {
    let pipeline = Pipeline(from: 0..<50)
      .map("first", onFailure: .skip(upTo: 100)) { if $0 % 10 == 0 { throw Mishap() } else { $0 } }
      .map("second", onFailure: .skip(upTo: 100)) { if $0 % 10 == 5 { throw Mishap() } else { $0 } }
      .limits(failures: tolerated)
    let outcome = try pipeline.outcome(threads: threads)
    #expect(outcome.failed.count == tolerated)
    #expect(outcome.error?.code == (tolerated < 10 ? .tooManyFailures : nil))
  }

  @Test func aQueueIsNotOccupiedWhileNothingIsPutIntoIt() {
    let clock = OccupancyClock()
    #expect(clock.nanoseconds(until: 9_000) == 0)
    clock.begin(now: 9_000)
    clock.end(now: 9_500)
    #expect(clock.nanoseconds(until: 20_000) == 500)
    var flow = QueueFlow()
    flow.advance(to: 9_000, waiting: 0)
    flow.advance(to: 9_500, waiting: 2)
    flow.advance(to: 20_000, waiting: 0)
    #expect(flow.waitingNanoseconds == 1_000)
  }

  @Test(arguments: [1, 4]) func whatIsLeftOfAnEpochIsNotInTheNext(_ threads: Int) throws {
    try Watchdog.guarding("an epoch that is given up") {
      var elements = try Pipeline(from: 0..<7).run(threads: threads, epochs: 2)
      let begun = [try elements.next(), try elements.next()]
      elements.skipRestOfEpoch()
      var next: [Int] = []
      while let element = try elements.next() { next.append(element) }
      #expect(begun == [0, 1])
      #expect(next == Array(0..<7))
    }
  }

  @Test func aStopNamesWhatIsWorkedOnStill() throws {
    let gate = Gate()
    let begun = Tally()
    try Watchdog.guarding("a stop that waits for the test") {
      var elements = try Pipeline(from: 0..<3)
        .map("stuck") { number in
          begun.add()
          gate.pass()
          return number
        }
        .run(threads: 1)
      begun.wait(for: 1)
      let running = elements.stop(timeout: .milliseconds(1))
      gate.open()
      let left = elements.stop(timeout: .seconds(100))
      #expect(running.map(\.stage) == ["stuck"])
      #expect(running.map(\.position) == [0])
      #expect(left.isEmpty)
    }
  }
}
