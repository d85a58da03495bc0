import Testing

@testable import HeadraceWorker

@Suite struct RestartScheduleTests {
  @Test func theFirstRestartIsAtOnceAndEachFurtherOneWaitsTwiceAsLong() {
    var schedule = RestartSchedule(limit: 4)
    let decisions = (0..<5).map { _ in schedule.died(publishedCount: 7) }
    #expect(
      decisions == [
        .restart(after: 0), .restart(after: 20_000_000), .restart(after: 40_000_000), .restart(after: 80_000_000),
        .giveUp,
      ])
  }

  @Test func aMessageBetweenTwoDeathsBeginsTheCountAnew() {
    var schedule = RestartSchedule(limit: 1)
    for published in 1...100 { #expect(schedule.died(publishedCount: UInt64(published)) == .restart(after: 0)) }
    #expect(schedule.died(publishedCount: 100) == .giveUp)
  }

  @Test func withALimitOf0ThereIsNone() {
    var schedule = RestartSchedule(limit: 0)
    #expect(schedule.died(publishedCount: 0) == .giveUp)
    #expect(schedule.died(publishedCount: 5) == .giveUp)
  }

  @Test func aRefusedForkIsTriedForHalfAMinute() {
    var schedule = RestartSchedule.refusedForks
    var nanoseconds: UInt64 = 0
    while case .restart(let pause) = schedule.died(publishedCount: 0) { nanoseconds += pause }
    #expect(nanoseconds >= 30_000_000_000 && nanoseconds < 32_000_000_000)
  }

  @Test func noPauseIsLongerThanASecond() {
    var schedule = RestartSchedule(limit: 1_000)
    for _ in 0..<1_000 {
      guard case .restart(let pause) = schedule.died(publishedCount: 0) else { return #expect(Bool(false)) }
      #expect(pause <= 1_000_000_000)
    }
  }
}
