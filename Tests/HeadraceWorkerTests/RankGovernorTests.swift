import HeadraceCore
import HeadraceSystem
import Testing

@testable import HeadraceWorker

@Suite struct RankGovernorTests {
  private let waits = RankLap(waitShare: 0.5, delayedThreads: 1.5, otherProcessors: 1.8)
  private let alone = RankLap(waitShare: 0.5, delayedThreads: 1.5, otherProcessors: 0.1)
  private let content = RankLap(waitShare: 0, delayedThreads: 1.5, otherProcessors: 1.8)

  /// Observes a lap so often. Returns the levels that it came to.
  private func levels(_ governor: inout RankGovernor, _ lap: RankLap, _ count: Int) -> [Int] {
    (0..<count).compactMap { _ in governor.observe(lap)?.to }
  }

  @Test func whereTheTrainerWaitsBecauseOfOthersTheRankRisesToTheHighest() {
    var governor = RankGovernor(usual: 10, urgent: 0)
    #expect(governor.observe(waits) == nil)
    #expect(governor.observe(waits)?.to == 5)
    #expect(levels(&governor, waits, 50) == [0])
    #expect(governor.niceness == 0 && !governor.isAtRest)
  }

  /// Each of the three by itself, and unknown.
  @Test func oneReasonThatIsMissingIsEnoughToStay() {
    for (wait, delay, others) in [
      (0.0, 1.5, 1.8), (0.02, 1.5, 1.8), (0.5, 0.05, 1.8), (0.5, 1.5, 0.2), (0.5, nil, 1.8), (0.5, 1.5, nil),
    ] as [(Double, Double?, Double?)] {
      var governor = RankGovernor(usual: 10, urgent: 0)
      let lap = RankLap(waitShare: wait, delayedThreads: delay, otherProcessors: others)
      #expect(levels(&governor, lap, 100) == [], "\(lap)")
      #expect(governor.isAtRest)
    }
  }

  @Test func aSingleLapChangesNothing() {
    var governor = RankGovernor(usual: 10, urgent: 0)
    for _ in 0..<100 {
      #expect(governor.observe(waits) == nil)
      #expect(governor.observe(content) == nil)
    }
  }

  @Test func itIsTakenBackAfterAWhileWithoutReason() {
    for lap in [content, alone] {
      var governor = RankGovernor(usual: 10, urgent: 0)
      _ = levels(&governor, waits, 10)
      #expect(levels(&governor, lap, RankGovernor.leastPatience - 1) == [])
      #expect(governor.observe(lap)?.to == 5)
      #expect(levels(&governor, lap, 10 * RankGovernor.leastPatience) == [10])
      #expect(governor.isAtRest)
    }
  }

  @Test func whatWasTakenBackTooEarlyIsKeptTwiceAsLong() {
    var governor = RankGovernor(usual: 10, urgent: 0)
    _ = levels(&governor, waits, 4)
    var kept: [Int] = []
    for _ in 0..<10 {
      var count = 0
      repeat { count += 1 } while governor.observe(content) == nil
      kept.append(count)
      #expect(levels(&governor, waits, 2) == [0])
    }
    let expected = (0..<10).map { min(RankGovernor.leastPatience << $0, RankGovernor.mostPatience) }
    #expect(kept == expected)
  }

  @Test(arguments: [(10, 10), (10, 15), (0, 0)]) func withoutARoomItStays(lowest: Int, urgent: Int) {
    var governor = RankGovernor(usual: lowest, urgent: urgent)
    #expect(levels(&governor, waits, 100) == [])
  }

  // MARK: With SCHED_IDLE below

  private let quiet = RankLap(waitShare: 0, delayedThreads: 1.5, otherProcessors: 0.1)

  private func idle(urgent: Int = 0) -> RankGovernor {
    var governor = RankGovernor(usual: 10, urgent: urgent, mayIdle: true)
    _ = governor.observe(quiet)
    return governor
  }

  @Test func aLoaderThatNobodyWaitsForAndThatCompetesWithNobodyIsIdleAfterALap() {
    var governor = RankGovernor(usual: 10, urgent: 0, mayIdle: true)
    #expect(governor.niceness == 10)
    #expect(governor.observe(quiet)?.to == ThreadRank.idle)
    #expect(levels(&governor, quiet, 100) == [])
  }

  @Test func itLooksOnWhileItIsIdle() {
    #expect(!idle().isAtRest)
  }

  @Test func itLeavesIdleAtOnceWhereTheTrainerWaitsOrOthersCompete() {
    for (lap, expected) in [(alone, [10]), (content, [10]), (waits, [10, 5, 0])] {
      var governor = idle()
      #expect(governor.observe(lap)?.to == 10)
      #expect([10] + levels(&governor, lap, 200) == expected)
    }
  }

  @Test func whileOthersCompeteItDoesNotBecomeIdle() {
    for lap in [content, alone, waits] {
      var governor = RankGovernor(usual: 10, urgent: 10, mayIdle: true)
      #expect(levels(&governor, lap, 1_000) == [])
    }
  }

  @Test func aLoaderThatIsWaitedForAndHasItsProcessorsIsIdle() {
    var governor = RankGovernor(usual: 10, urgent: 0, mayIdle: true)
    let undelayed = RankLap(waitShare: 0.9, delayedThreads: 0, otherProcessors: 1.8)
    let lowered = governor.observe(undelayed)
    #expect(lowered?.to == ThreadRank.idle)
    #expect(lowered?.reason == "threads of the loader have had processors for 0.2 s")
    #expect(levels(&governor, undelayed, 100) == [])
  }

  @Test func onceItHasRisenItIsIdleAgainAfterAWhileAndEachTimeTooEarlyAfterTwiceThat() {
    var governor = idle(urgent: 10)
    var kept: [Int] = []
    for _ in 0..<10 {
      #expect(levels(&governor, waits, 1) == [10])
      var count = 0
      repeat { count += 1 } while governor.observe(quiet) == nil
      kept.append(count)
    }
    let expected = (0..<10).map { min(RankGovernor.leastPatience << $0, RankGovernor.mostPatience) }
    #expect(kept == expected)
  }
}
