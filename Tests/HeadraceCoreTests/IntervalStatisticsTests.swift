import Testing

@testable import HeadraceCore

/// What happened between two looks at the same pipeline.
@Suite struct IntervalStatisticsTests {
  /// Two looks, made of whole nanoseconds as an engine counts them.
  private static let earlier = stage(
    tasks: 1_000, elapsed: 10_000_000_001, busy: 7_000_000_001, blocked: 2_000_000_000, occupied: 3_333_333_333)
  private static let later = stage(
    tasks: 1_600, elapsed: 13_000_000_008, busy: 7_300_000_002, blocked: 4_500_000_003, occupied: 4_833_333_340)

  private static func stage(tasks: Int, elapsed: Int, busy: Int, blocked: Int, occupied: Int) -> StageStatistics {
    let (seconds, total) = (Double(elapsed) / 1e9, Double(elapsed))
    return StageStatistics(
      name: "decode", concurrency: tasks / 500, taskCount: tasks, failureCount: tasks / 10,
      filteredCount: tasks / 20, retryCount: tasks / 4, timeoutCount: tasks / 50, quarantinedCount: tasks / 100,
      activeCount: tasks / 400, elapsedSeconds: seconds, taskSeconds: seconds / 2,
      taskSecondsP50: Double(tasks), taskSecondsP90: Double(tasks) + 1, taskSecondsP99: Double(tasks) + 2,
      busy: Double(busy) / total, blocked: Double(blocked) / total,
      starved: Double(elapsed - busy - blocked) / total,
      output: QueueStatistics(
        itemCount: tasks * 2, byteCount: tasks * 3, elapsedSeconds: seconds, putSeconds: seconds * 2,
        putSecondsP90: Double(tasks) + 3, putSecondsP99: Double(tasks) + 4, getSeconds: seconds * 3,
        getSecondsP90: Double(tasks) + 5, getSecondsP99: Double(tasks) + 6, queueSeconds: seconds * 4,
        occupancy: Double(occupied) / total))
  }

  private func isClose(_ value: Double, _ expected: Double) -> Bool { (value - expected).magnitude < 1e-9 }

  @Test func whatWasAddedToAnEarlierLookHasHappenedSinceThat() {
    let interval = Self.later.since(Self.earlier)
    let again = interval.adding(Self.earlier).since(Self.earlier)
    #expect(again.taskCount == interval.taskCount && again.failureCount == interval.failureCount)
    #expect(again.output.itemCount == interval.output.itemCount && again.output.byteCount == interval.output.byteCount)
    for path in [\StageStatistics.elapsedSeconds, \.taskSeconds, \.busy, \.blocked, \.starved] {
      #expect(isClose(again[keyPath: path], interval[keyPath: path]))
    }
    for path in [\QueueStatistics.elapsedSeconds, \.putSeconds, \.getSeconds, \.queueSeconds, \.occupancy] {
      #expect(isClose(again.output[keyPath: path], interval.output[keyPath: path]))
    }
  }

  @Test func countsAndSumsAreDifferences() {
    let interval = Self.later.since(Self.earlier)
    #expect(
      [
        interval.taskCount, interval.failureCount, interval.filteredCount, interval.retryCount, interval.timeoutCount,
        interval.quarantinedCount, interval.output.itemCount, interval.output.byteCount,
      ] == [600, 60, 30, 150, 12, 6, 1_200, 1_800])
    #expect(isClose(interval.elapsedSeconds, 3.000_000_007))
    #expect(isClose(interval.taskSeconds, 1.500_000_003_5))
    #expect(isClose(interval.output.elapsedSeconds, 3.000_000_007))
    #expect(isClose(interval.output.putSeconds, 6.000_000_014))
    #expect(isClose(interval.output.getSeconds, 9.000_000_021))
    #expect(isClose(interval.output.queueSeconds, 12.000_000_028))
    #expect(isClose(interval.output.meanQueueSeconds, 0.01))
    #expect(isClose(interval.tasksPerSecond, 600 / 3.000_000_007))
  }

  @Test func sharesAreThoseOfTheTimeInBetween() {
    let interval = Self.later.since(Self.earlier)
    #expect(isClose(interval.busy, 0.300_000_001 / 3.000_000_007))
    #expect(isClose(interval.blocked, 2.500_000_003 / 3.000_000_007))
    #expect(isClose(interval.starved, 0.200_000_003 / 3.000_000_007))
    #expect(isClose(interval.busy + interval.blocked + interval.starved, 1))
    #expect(isClose(interval.output.occupancy, 1.500_000_007 / 3.000_000_007))
  }

  /// They cannot be subtracted, and pretending would be worse.
  @Test func whatIsOfAMomentAndPercentilesAreThoseOfNow() {
    let interval = Self.later.since(Self.earlier)
    #expect(interval.name == "decode" && interval.concurrency == 3 && interval.activeCount == 4)
    #expect([interval.taskSecondsP50, interval.taskSecondsP90, interval.taskSecondsP99] == [1_600, 1_601, 1_602])
    #expect([interval.output.putSecondsP90, interval.output.putSecondsP99] == [1_603, 1_604])
    #expect([interval.output.getSecondsP90, interval.output.getSecondsP99] == [1_605, 1_606])
  }

  @Test func intervalWithoutTimeHasNoShares() {
    let interval = Self.later.since(Self.later)
    #expect(interval.taskCount == 0 && interval.elapsedSeconds == 0)
    #expect([interval.busy, interval.blocked, interval.starved, interval.output.occupancy] == [0, 0, 0, 0])
    #expect([interval.tasksPerSecond, interval.meanTaskSeconds, interval.output.itemsPerSecond] == [0, 0, 0])
  }

  @Test func intervalsAddUpToTheWhole() {
    let start = StageStatistics(name: "decode", concurrency: 1)
    let first = Self.earlier.since(start)
    #expect(first.taskCount == Self.earlier.taskCount && first.output.itemCount == Self.earlier.output.itemCount)
    #expect(isClose(first.busy, Self.earlier.busy))
    let second = Self.later.since(Self.earlier)
    #expect(isClose(first.busySeconds + second.busySeconds, Self.later.busySeconds))
    #expect(isClose(first.output.occupiedSeconds + second.output.occupiedSeconds, Self.later.output.occupiedSeconds))
  }

  @Test func stagesAreToldApartByTheirNames() {
    var new = Self.later
    new.name = "resize"
    let interval = [Self.later, new].since([StageStatistics(name: "gone", concurrency: 1), Self.earlier])
    #expect(interval == [Self.later.since(Self.earlier), new])
  }

  /// A stage that is blocked for good was busy as long as before: a monitor that sees a counter go back by a rounding
  /// error takes it for one that began anew, and counts all of it once more.
  @Test func secondsOfAShareNeverGoBack() {
    let busy = 1_234_567_891_011
    var last = 0.0
    for elapsed in stride(from: 2_000_000_000_003, to: 3_000_000_000_000, by: 7_777_777_777) {
      let seconds = ElapsedShare(Double(busy) / Double(elapsed), of: Double(elapsed) / 1e9).seconds
      #expect(seconds == 1234.567_891_011)
      #expect(seconds >= last)
      last = seconds
    }
  }

  @Test func ratesOfAQueueThatNothingHasPassedAreZero() {
    let queue = QueueStatistics()
    #expect([queue.meanPutSeconds, queue.meanGetSeconds, queue.meanQueueSeconds] == [0, 0, 0])
    #expect([queue.itemsPerSecond, queue.bytesPerSecond, queue.occupiedSeconds] == [0, 0, 0])
  }

  @Test func meansAreOverItemsAndRatesOverTime() {
    let queue = QueueStatistics(
      itemCount: 50, byteCount: 1_000, elapsedSeconds: 4, putSeconds: 5, getSeconds: 10, queueSeconds: 20,
      occupancy: 0.75)
    #expect([queue.meanPutSeconds, queue.meanGetSeconds, queue.meanQueueSeconds] == [0.1, 0.2, 0.4])
    #expect([queue.itemsPerSecond, queue.bytesPerSecond, queue.occupiedSeconds] == [12.5, 250, 3])
    let stage = StageStatistics(name: "s", concurrency: 4, elapsedSeconds: 4, taskSeconds: 10)
    #expect(stage.meanActiveCount == 2.5)
  }
}
