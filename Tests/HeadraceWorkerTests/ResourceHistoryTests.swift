import HeadraceSystem
import Testing

@testable import HeadraceWorker

/// Samples of readings that were made up: what counts, from when, and what is kept.
@Suite struct ResourceHistoryTests {
  private static let second: UInt64 = 1_000_000_000
  /// The first reading; processes that are older began before.
  private static let begin = 1000 * second

  private func process(
    _ number: Int32, start: UInt64 = second, cpu: UInt64 = 0, disk: Int? = nil, faults: Int = 0, memory: Int = 0,
    pss: Int? = nil
  ) -> ProcessResources {
    var process = ProcessResources(processID: number, startNanoseconds: start)
    process.cpuNanoseconds = cpu
    process.diskReadByteCount = disk
    process.diskWrittenByteCount = disk
    process.majorFaultCount = faults
    process.residentByteCount = memory
    process.pssByteCount = pss
    process.privateByteCount = pss
    process.threadCount = 2
    return process
  }

  private func reading(
    _ seconds: Double, _ processes: [ProcessResources], network: Int? = nil
  ) -> ResourceReading {
    ResourceReading(
      nanoseconds: Self.begin + UInt64(seconds * 1e9), processes: processes,
      network: network.map { NetworkCounters(receivedByteCount: $0, sentByteCount: 2 * $0) })
  }

  @Test func ratesAreOfTheTimeSinceTheSampleBefore() {
    var history = ResourceHistory(sampleLimit: 10)
    let first = history.record(reading(0, [process(7, cpu: 50 * Self.second, disk: 1_000_000)], network: 5000))
    #expect(first.seconds == 0 && first.cpuPercent == nil)
    #expect(first.diskReadBytesPerSecond == nil && first.networkSentBytesPerSecond == nil)
    #expect(first.majorFaultsPerSecond == nil)
    let second = history.record(
      reading(2, [process(7, cpu: 53 * Self.second, disk: 1_000_300, faults: 4)], network: 5010))
    #expect(second.seconds == 2)
    #expect(second.cpuPercent == 150)
    #expect(second.diskReadBytesPerSecond == 150 && second.diskWrittenBytesPerSecond == 150)
    #expect(second.networkReceivedBytesPerSecond == 5 && second.networkSentBytesPerSecond == 10)
    #expect(second.majorFaultsPerSecond == 2)
    let third = history.record(
      reading(3, [process(7, cpu: 53 * Self.second, disk: 1_000_300, faults: 4)], network: 5010))
    #expect(third.cpuPercent == 0 && third.diskReadBytesPerSecond == 0 && third.networkSentBytesPerSecond == 0)
    #expect(history.summary.meanCPUPercent == 100 && history.summary.peakCPUPercent == 150)
    #expect(history.summary.cpuSeconds == 3 && history.summary.seconds == 3 && history.summary.sampleCount == 3)
    #expect(history.summary.diskReadByteCount == 300 && history.summary.diskWrittenByteCount == 300)
    #expect(history.summary.networkReceivedByteCount == 10 && history.summary.networkSentByteCount == 20)
  }

  @Test func countersThatGoBackwardStandStill() {
    var history = ResourceHistory(sampleLimit: 10)
    _ = history.record(reading(0, [process(7, cpu: 5 * Self.second, disk: 500, faults: 5)], network: 500))
    let sample = history.record(reading(1, [process(7, cpu: Self.second, disk: 100, faults: 1)], network: 100))
    #expect(sample.cpuPercent == 0 && sample.diskReadBytesPerSecond == 0 && sample.diskWrittenBytesPerSecond == 0)
    #expect(sample.networkReceivedBytesPerSecond == 0 && sample.networkSentBytesPerSecond == 0)
    #expect(sample.majorFaultsPerSecond == 0)
    // From where they are now they go on.
    #expect(history.record(reading(2, [process(7, cpu: 2 * Self.second)])).cpuPercent == 100)
  }

  @Test func whatIsHeldIsTheSumOverProcessesThatRun() {
    var history = ResourceHistory(sampleLimit: 10)
    var ended = process(9, memory: 1)
    ended.hasEnded = true
    let sample = history.record(
      reading(0, [process(7, memory: 100, pss: 60), process(8, memory: 10), ended]))
    #expect(sample.processCount == 2 && sample.threadCount == 4)
    #expect(sample.residentByteCount == 110)
    #expect(sample.pssByteCount == 60 && sample.privateByteCount == 60)
    #expect(sample.descriptorCount == nil)
  }

  @Test func aProcessThatEndsTakesNothingBack() {
    var history = ResourceHistory(sampleLimit: 10)
    let other = process(8, cpu: 7 * Self.second)
    _ = history.record(reading(0, [process(7, cpu: 5 * Self.second), other]))
    // It has ended, and its last second shows until it is reaped.
    var ended = process(7, cpu: 6 * Self.second)
    ended.hasEnded = true
    let second = history.record(reading(1, [ended, other]))
    #expect(second.cpuPercent == 100 && second.processCount == 1)
    let third = history.record(reading(2, [other]))
    #expect(third.cpuPercent == 0 && third.processCount == 1)
    #expect(history.record(reading(3, [])).processCount == 0)
    #expect(history.summary.cpuSeconds == 1)
  }

  @Test func aProcessThatBeginsBetweenTwoSamplesCountsFromItsStart() {
    var history = ResourceHistory(sampleLimit: 10)
    _ = history.record(reading(0, [process(7)]))
    // Begun 5 ms after the first sample, which the kernel rounds down to before it.
    let start = Self.begin - 5_000_000
    let sample = history.record(reading(1, [process(7), process(8, start: start, cpu: Self.second / 2, disk: 1000)]))
    #expect(sample.cpuPercent == 50)
    #expect(sample.diskReadBytesPerSecond == 1000)
  }

  @Test func aProcessThatWasUnreadableForAWhileCountsFromWhereItIsSeenAgain() {
    var history = ResourceHistory(sampleLimit: 10)
    _ = history.record(reading(0, [process(7, cpu: 500 * Self.second, disk: 1_000_000)]))
    _ = history.record(reading(1, []))
    let again = history.record(reading(2, [process(7, cpu: 501 * Self.second, disk: 2_000_000)]))
    #expect(again.cpuPercent == 0 && again.diskReadBytesPerSecond == 0)
    #expect(history.record(reading(3, [process(7, cpu: 502 * Self.second, disk: nil)])).cpuPercent == 100)
    #expect(history.record(reading(4, [process(7, cpu: 502 * Self.second, disk: 9)])).diskReadBytesPerSecond == 0)
  }

  @Test func aNumberThatIsUsedAgainIsAnotherProcess() {
    var history = ResourceHistory(sampleLimit: 10)
    _ = history.record(reading(0, [process(7, cpu: 5 * Self.second)]))
    let start = Self.begin + Self.second / 2
    #expect(history.record(reading(1, [process(7, start: start, cpu: Self.second / 4)])).cpuPercent == 25)
  }

  @Test func samplesThatAreTooCloseTellNoRatesButCount() {
    var history = ResourceHistory(sampleLimit: 10)
    _ = history.record(reading(0, [process(7)]))
    for milliseconds in 1...5 {
      let use = UInt64(milliseconds) * 2_000_000
      let sample = history.record(reading(Double(milliseconds) / 1000, [process(7, cpu: use)]))
      #expect(sample.cpuPercent == nil && sample.majorFaultsPerSecond == nil)
    }
    #expect(history.summary.cpuSeconds == 0.01)
    // There is no peak of a sample, but one of them all.
    #expect(history.summary.meanCPUPercent.map { ($0 * 1000).rounded() } == 200_000)
    #expect(history.summary.peakCPUPercent == history.summary.meanCPUPercent)
  }

  @Test func aClockThatStandsStillOrGoesBackTellsNoRates() {
    var history = ResourceHistory(sampleLimit: 10)
    _ = history.record(reading(5, [process(7)]))
    for seconds in [5.0, 4.0, 0.0] {
      let sample = history.record(reading(seconds, [process(7, cpu: Self.second)]))
      #expect(sample.cpuPercent == nil && sample.seconds == 0)
    }
  }

  @Test func withoutFiguresOfDiskAndNetworkThereAreNone() {
    var history = ResourceHistory(sampleLimit: 10)
    for second in 0..<3 {
      let sample = history.record(reading(Double(second), [process(7)]))
      #expect(sample.diskReadBytesPerSecond == nil && sample.networkReceivedBytesPerSecond == nil)
      #expect(sample.pssByteCount == nil)
    }
    #expect(history.summary.diskReadByteCount == nil && history.summary.networkReceivedByteCount == nil)
    #expect(history.summary.peakPSSByteCount == nil)
  }

  @Test func theNewestSamplesAreKeptAndPeaksAreOfAll() {
    for limit in [1, 2, 3, 7] {
      var history = ResourceHistory(sampleLimit: limit)
      #expect(history.samples.isEmpty)
      for second in 0..<10 {
        // The most is held at the beginning.
        let memory = second == 0 ? 1000 : second
        _ = history.record(reading(Double(second), [process(7, memory: memory, pss: memory / 2)]))
        let oldest = max(0, second + 1 - limit)
        #expect(history.samples.map(\.seconds) == (oldest...second).map(Double.init))
      }
      #expect(history.summary.peakResidentByteCount == 1000 && history.summary.peakPSSByteCount == 500)
      #expect(history.summary.sampleCount == 10)
    }
  }
}
