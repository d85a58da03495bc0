import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

/// Operations of an `async` stage while the next epoch reads ahead.
@Suite struct OverlappingOperationsTests {
  @Test(arguments: [1, 2]) func twoEpochsTogetherHaveNoMoreOperationsThanTheConcurrency(concurrency: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let crowd = Crowd()
    let gate = AsyncGate()
    var elements = try Pipeline(from: 0..<4)
      .map("fetch", concurrency: .fixed(concurrency)) { (number: Int) async -> Int in
        crowd.enter()
        await gate.pass()
        for _ in 0..<20 { await Task.yield() }
        crowd.leave()
        return number
      }
      .run(threads: 3, epochs: 300)
    // As many as may be meet at least once.
    gate.arrived.wait(for: concurrency)
    gate.open()
    for _ in 0..<300 {
      var found: [Int] = []
      while let number = try elements.next() { found.append(number) }
      #expect(found == Array(0..<4))
    }
    #expect(crowd.peak == concurrency)
  }

  @Test func twoEpochsTogetherMakeNoMoreCallsForSeveralThanTheConcurrency() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let crowd = Crowd()
    var elements = try Pipeline(from: 0..<6)
      .microBatch("calls", max: 2) { (numbers: [Int]) async -> [Int] in
        crowd.enter()
        for _ in 0..<20 { await Task.yield() }
        crowd.leave()
        return numbers
      }
      .run(threads: 3, epochs: 300)
    for _ in 0..<300 {
      var found: [Int] = []
      while let number = try elements.next() { found.append(number) }
      #expect(found == Array(0..<6))
    }
    #expect(crowd.peak == 1)
  }
}
