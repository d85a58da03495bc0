import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct TuningCountersTests {
  private func counters(_ time: UInt64, taken: Int, waited: UInt64, calls: Int) -> TuningCounters {
    TuningCounters(
      time: time, progress: ConsumerProgress(takenCount: taken, waitNanoseconds: waited), cpuNanoseconds: time / 2,
      laneCount: 8, byteCountInFlight: 70,
      stages: [
        TuningCounters.Stage(
          callCount: calls, callNanoseconds: UInt64(calls) * 1_000_000, laneNanoseconds: 3 * time,
          resultByteCount: calls * 10)
      ])
  }

  @Test func aLapIsTheDifference() throws {
    let before = counters(1_000_000_000, taken: 5, waited: 100_000_000, calls: 40)
    let lap = try #require(counters(1_200_000_000, taken: 7, waited: 150_000_000, calls: 60).lap(since: before))
    #expect(
      lap
        == TuningLap(
          seconds: 0.2, stepCount: 2, waitSeconds: 0.05, cpuSeconds: 0.1, laneCount: 8, byteCountInFlight: 70,
          stages: [StageLap(callCount: 20, callSeconds: 0.02, laneSeconds: 0.6, resultByteCount: 200)]))
  }

  @Test func noTimeIsNoLapAndNothingFallsBelowZero() throws {
    let before = counters(1_000_000_000, taken: 5, waited: 100_000_000, calls: 40)
    #expect(before.lap(since: before) == nil)
    let lap = try #require(counters(1_200_000_000, taken: 4, waited: 90_000_000, calls: 30).lap(since: before))
    #expect(lap.stepCount == 0 && lap.waitSeconds == 0 && lap.stages[0].callCount == 0)
    #expect(lap.stages[0].resultByteCount == 0 && lap.stages[0].callSeconds == 0)
  }
}
