import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

/// Operations of an `async` stage that nobody wants any more: their epoch is over, or their pass through a repeat.
@Suite struct CancelledOperationTests {
  /// More than are read before one is taken: so the next epoch does not begin beside the first, and whose call is the
  /// first is certain.
  private let samples = 0..<10_000

  @Test func anOperationThatIsCancelledIsNoFailure() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let begun = Tally()
    var elements = try Pipeline(from: samples)
      .map("fetch", concurrency: 2, ordering: .completion, onFailure: .quarantine(folder.file("bad"), upTo: 10)) {
        (number: Int) async throws -> Int in
        if number == 0, begun.add() == 1 { try await Task.sleep(for: .seconds(1_000)) }
        return number
      }
      .run(threads: 2, epochs: 2)
    #expect(try elements.next() != nil)
    begun.wait(for: 1)
    elements.skipRestOfEpoch()
    var found: [Int] = []
    while let number = try elements.next() { found.append(number) }
    #expect(found.sorted() == Array(samples))
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    let fetch = elements.statistics()[1]
    #expect([fetch.failureCount, fetch.quarantinedCount] == [0, 0])
  }

  @Test func anOperationThatIsCancelledBeforeItIsTriedAgainIsNotTriedAgain() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let calls = Tally()
    var elements = try Pipeline(from: samples)
      .map("fetch", concurrency: 2, ordering: .completion, onFailure: .retry(times: 1, backoff: .seconds(1_000))) {
        (number: Int) async throws -> Int in
        if number == 0, calls.add() == 1 { throw Mishap() }
        return number
      }
      .run(threads: 2, epochs: 2)
    #expect(try elements.next() != nil)
    while elements.statistics()[1].retryCount == 0 {}
    elements.skipRestOfEpoch()
    var found: [Int] = []
    while let number = try elements.next() { found.append(number) }
    #expect(found.sorted() == Array(samples))
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    #expect(calls.count == 2)
  }

  @Test func anOperationThatGoesOnAfterItsEpochTakesNoPlaceOfTheNext() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = AsyncGate()
    let begun = Tally()
    var elements = try Pipeline(from: samples)
      .map("fetch", concurrency: 1) { (number: Int) async -> Int in
        if number == 1, begun.add() == 1 { await gate.pass() }
        return number
      }
      .run(threads: 2, epochs: 2)
    #expect(try elements.next() == 0)
    begun.wait(for: 1)
    elements.skipRestOfEpoch()
    var found: [Int] = []
    while let number = try elements.next() { found.append(number) }
    #expect(found == Array(samples))
    gate.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
  }

  @Test func anOperationThatWaitsIsNamedByAStopAndByWhoWaitsForItInVain() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = AsyncGate()
    var elements = try Pipeline(from: [Named(number: 7), Named(number: 8)])
      .map("fetch", concurrency: 2) { (sample: Named) async -> Named in
        await gate.pass()
        return sample
      }
      .run(threads: 1, epochs: 1)
    gate.arrived.wait(for: 2)
    let error = #expect(throws: HeadraceError.self) { _ = try elements.next(timeout: .milliseconds(1)) }
    #expect(error?.message.contains(": stage \"fetch\" works on n7, stage \"fetch\" works on n8.") == true, "\(error!)")
    let calls = elements.stop(timeout: .milliseconds(1))
    #expect(calls.map(\.stage) == ["fetch", "fetch"] && calls.map(\.position) == [0, 1])
    #expect(calls.map(\.sample) == [SampleID(key: "n7"), SampleID(key: "n8")])
    gate.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
  }

  @Test func anOperationThatGoesOnAfterItsPassTakesNoPlaceOfTheNext() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = AsyncGate()
    var elements = try Pipeline(from: 0..<10)
      .map("fetch", concurrency: 1) { (number: Int) async -> Int in
        if number == 5 { await gate.pass() }
        return number
      }
      .map("wait") { number in
        // Until one is under way that the pass does not need.
        if number == 4 { gate.arrived.wait(for: 1) }
        return number
      }
      .take(5).repeat(2)
      .run(threads: 2, epochs: 1)
    var found: [Int] = []
    while let number = try elements.next() { found.append(number) }
    #expect(found == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    #expect(Set(elements.stop(timeout: .milliseconds(1)).map(\.position)) == [5])
    gate.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
  }
}
