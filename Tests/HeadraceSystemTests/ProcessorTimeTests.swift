import Testing

@testable import HeadraceSystem

@Suite struct ProcessorTimeTests {
  /// Works until so much of its thread's time has gone.
  private static func work(_ nanoseconds: UInt64) {
    let start = ResourceUsage.currentThreadCPUNanoseconds
    while ResourceUsage.currentThreadCPUNanoseconds - start < nanoseconds {}
  }

  @Test func workIsSeenOnTheProcessorsThatItIsDoneOn() throws {
    var buffer: [UInt8] = []
    let all = Set(ProcessorAffinity.allowed)
    let before = try #require(ProcessorTime.busyNanoseconds(of: all, buffer: &buffer))
    Self.work(200_000_000)
    let after = try #require(ProcessorTime.busyNanoseconds(of: all, buffer: &buffer))
    // In steps of 10 ms for each processor and kind of work.
    #expect(after - before >= 100_000_000)
    #expect(ProcessorTime.busyNanoseconds(of: [1_000_000], buffer: &buffer) == nil)
  }

  @Test func eachProcessorIsCountedOnce() throws {
    var buffer: [UInt8] = []
    let all = ProcessorAffinity.allowed
    let before = try all.map { try #require(ProcessorTime.busyNanoseconds(of: [$0], buffer: &buffer)) }.reduce(0, +)
    let together = try #require(ProcessorTime.busyNanoseconds(of: Set(all), buffer: &buffer))
    let after = try all.map { try #require(ProcessorTime.busyNanoseconds(of: [$0], buffer: &buffer)) }.reduce(0, +)
    #expect((before...after).contains(together))
  }

  @Test func threadsThatWaitForAProcessorAreSeen() async throws {
    var buffer: [UInt8] = []
    let processor = try #require(ProcessorAffinity.allowed.first)
    let before = try #require(ProcessorTime.delayNanoseconds(buffer: &buffer))
    // Three that share one processor: each waits while the others have it, until one has seen that.
    let seen: [Bool] = try await withThrowingTaskGroup { group in
      for _ in 0..<3 {
        group.addTask {
          try await withCheckedThrowingContinuation { continuation in
            do {
              try Thread.start {
                try? ProcessorAffinity.pin(to: processor)
                var buffer: [UInt8] = []
                var isSeen = false
                // Of a thread that has ended nothing is told any more.
                for _ in 0..<10_000 where !isSeen {
                  Self.work(1_000_000)
                  isSeen = (ProcessorTime.delayNanoseconds(buffer: &buffer) ?? 0) > before + 50_000_000
                }
                continuation.resume(returning: isSeen)
              }
            } catch {
              continuation.resume(throwing: error)
            }
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(seen.contains(true))
  }
}
