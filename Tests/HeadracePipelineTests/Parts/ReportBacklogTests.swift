import Testing

@testable import HeadracePipeline

/// What becomes of reports that nobody has taken yet.
@Suite struct ReportBacklogTests {
  /// A stage after so many calls of 1 microsecond, and before them so many of 20 ms.
  private func look(quick: Int, slow: Int = 0) -> [StageSnapshot] {
    var counts = StageCounts()
    counts.tasks = quick + slow
    counts.histogram.record(nanoseconds: 20_000_000, count: slow)
    counts.histogram.record(nanoseconds: 1_000, count: quick)
    return [StageSnapshot(name: "work", concurrency: 1, activeCount: 0, counts: counts, getWait: HandWait())]
  }

  private func takeAll(_ backlog: inout ReportBacklog) -> [(interval: Int, total: Int)] {
    var taken: [(Int, Int)] = []
    while let entry = backlog.next() {
      taken.append((entry.report.interval[0].taskCount, entry.report.total[0].taskCount))
    }
    return taken
  }

  @Test func eachIntervalBeginsWhereTheOneBeforeEnded() {
    var backlog = ReportBacklog()
    #expect(takeAll(&backlog).isEmpty)
    for count in [3, 10, 11] { backlog.add(look(quick: count)) }
    let taken = takeAll(&backlog)
    #expect(taken.map(\.interval) == [3, 7, 1])
    #expect(taken.map(\.total) == [3, 10, 11])
    // Also after it was empty.
    backlog.add(look(quick: 15))
    #expect(takeAll(&backlog).map(\.interval) == [4])
  }

  @Test func ofManyThatWaitTheNewestAreOne() {
    var backlog = ReportBacklog()
    for count in 1...1_000 { backlog.add(look(quick: count)) }
    let taken = takeAll(&backlog)
    #expect(taken.count == ReportBacklog.limit)
    #expect(taken.map(\.interval) == Array(repeating: 1, count: 15) + [985])
    #expect(taken.last?.total == 1_000)
    backlog.add(look(quick: 1_001))
    #expect(takeAll(&backlog).map(\.interval) == [1])
  }

  @Test func percentilesOfAnIntervalAreOfItsCallsAlone() {
    var backlog = ReportBacklog()
    backlog.add(look(quick: 0, slow: 40))
    backlog.add(look(quick: 440, slow: 40))
    guard let first = backlog.next()?.report, let second = backlog.next()?.report else {
      Issue.record("a report is missing")
      return
    }
    #expect(first.interval[0].taskSecondsP50 > 0.018)
    #expect(second.interval[0].taskSecondsP99 < 0.0001)
    #expect(second.total[0].taskSecondsP99 > 0.018)
  }
}
