import Glibc
import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

@Suite struct StatisticsReportingTests {
  private final class Reports: Sendable {
    private let reports = Mutex<[StatisticsReport]>([])
    let arrived = Tally()
    func add(_ report: StatisticsReport) {
      reports.withLock { $0.append(report) }
      arrived.add()
    }
    var all: [StatisticsReport] { reports.withLock { $0 } }
  }

  @Test func eachEpochIsReportedByItselfAndInTotal() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let reports = Reports()
    var elements = try Pipeline(from: 0..<100)
      .map("work") { (number: Int) in number }
      .run(threads: 2, epochs: 3, reporting: .everyEpoch { reports.add($0) })
    for epoch in 1...3 {
      while try elements.next() != nil {}
      reports.arrived.wait(for: epoch)
    }
    #expect(elements.stop().isEmpty)
    // An epoch may have begun before the one before it was at rest, so where one interval ends is not known to a
    // sample.
    #expect(reports.all.count == 3)
    #expect(reports.all.reduce(0) { $0 + $1.interval[1].taskCount } == 300)
    #expect(reports.all.last?.total[1].taskCount == 300)
    for report in reports.all { #expect(report.description.contains("work: completed")) }
  }

  @Test func percentilesOfTheTotalAreOfTheCallsOfAllIntervals() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let reports = Reports()
    // 40 calls of 20 ms or more in the first epoch, quick ones in the eleven that follow; those of an interval alone:
    // `ReportBacklogTests`.
    let epoch = Atomic<Int>(0)
    var elements = try Pipeline(from: 0..<40)
      .map("work") { (number: Int) in
        if epoch.load(ordering: .relaxed) == 0 { usleep(20_000) }
        return number
      }
      .prefetch(1)
      .run(threads: 1, epochs: 12, reporting: .everyEpoch { reports.add($0) })
    for number in 0..<12 {
      while try elements.next() != nil {}
      epoch.store(number + 1, ordering: .relaxed)
      reports.arrived.wait(for: number + 1)
    }
    #expect(elements.stop().isEmpty)
    let all = reports.all
    #expect(all.first.map { $0.interval[1].taskSecondsP90 > 0.018 } == true)
    #expect(all.last.map { $0.total[1].taskSecondsP99 > 0.018 } == true)
  }

  @Test func aPeriodReportsWhileTheRunIsAtWorkAndOnceMoreAtItsEnd() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let reports = Reports()
    let gate = Gate()
    var elements = try Pipeline(from: 0..<2)
      .map("work") { (number: Int) in
        if number == 1 { gate.pass() }
        return number
      }
      .run(threads: 1, epochs: 1, reporting: .every(.milliseconds(10)) { reports.add($0) })
    #expect(try elements.next() == 0)
    reports.arrived.wait(for: 3)
    gate.open()
    while try elements.next() != nil {}
    #expect(elements.stop().isEmpty)
    let before = reports.all.count
    reports.arrived.wait(for: max(4, before))
    #expect(reports.all.reduce(0) { $0 + $1.interval[1].taskCount } == 2)
    #expect(reports.all.last?.total[1].taskCount == 2)
  }

  @Test func aSlowClosureHoldsUpNoStage() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let entered = Tally()
    var elements = try Pipeline(from: 0..<1_000)
      .map("work") { (number: Int) in number }
      .run(
        threads: 1, epochs: 3,
        reporting: .everyEpoch { _ in
          entered.add()
          gate.pass()
        })
    for _ in 0..<3 {
      var count = 0
      while try elements.next() != nil { count += 1 }
      #expect(count == 1_000)
    }
    #expect(elements.stop().isEmpty)
    gate.open()
    entered.wait(for: 3)
  }

  @Test func aClosureThatIsFarBehindHasNoMoreThan16ToComeAndMissesNothing() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let reports = Reports()
    let count = 200
    var elements = try Pipeline(from: 0..<10)
      .map("work") { (number: Int) in number }
      .run(
        threads: 1, epochs: count,
        reporting: .everyEpoch {
          reports.add($0)
          gate.pass()
        })
    for epoch in 0..<count {
      while try elements.next() != nil {}
      // From here on the closure has one.
      if epoch == 0 { reports.arrived.wait(for: 1) }
    }
    #expect(elements.stop(timeout: .seconds(100)).isEmpty)
    gate.open()
    // One that the closure had, and those that waited for it.
    reports.arrived.wait(for: 17)
    let all = reports.all
    #expect(all.count == 17)
    #expect(all.reduce(0) { $0 + $1.interval[1].taskCount } == 10 * count)
    #expect(all.last?.total[1].taskCount == 10 * count)
  }
}
