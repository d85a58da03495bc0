import Testing

@testable import HeadracePipeline

@Suite struct TuningLapTests {
  private let lap = TuningLap(
    seconds: 0.2, stepCount: 4, waitSeconds: 0.05, cpuSeconds: 0.5, laneCount: 8,
    byteCountInFlight: 500,
    stages: [
      StageLap(callCount: 40, callSeconds: 0.4, laneSeconds: 0.5, resultByteCount: 4000),
      StageLap(),
    ])

  @Test func lapsAddUp() {
    var observation = TuningLap(stageCount: 2)
    observation.add(lap)
    var second = lap
    second.byteCountInFlight = 300
    observation.add(second)
    #expect(abs(observation.seconds - 0.4) < 1e-12)
    #expect(observation.stepCount == 8)
    #expect(abs(observation.waitShare - 0.25) < 1e-12)
    #expect(abs(observation.stepSeconds! - 0.0375) < 1e-12)
    #expect(abs(observation.unmetGrowth - 4 / 3) < 1e-12)
    #expect(abs(observation.cores - 2.5) < 1e-12)
    #expect(observation.byteCountInFlight == 500)
    #expect(observation.callCount(0) == 80)
    #expect(abs(observation.lanesInUse(0) - 2.5) < 1e-12)
    #expect(abs(observation.callSeconds(0) - 0.01) < 1e-12)
    // 2.5 lanes at 10 ms a call, although 200 a second have ended.
    #expect(abs(observation.throughput(0) - 250) < 1e-9)
    #expect(observation.bytesPerResult(0) == 100)
  }

  @Test func observationsAddUpAsTheirLapsDo() {
    var one = TuningLap(stageCount: 2)
    one.add(lap)
    var both = one
    both.add(one)
    var laps = TuningLap(stageCount: 2)
    laps.add(lap)
    laps.add(lap)
    #expect(both == laps)
  }

  @Test func anEmptyObservationHasNoShares() {
    let observation = TuningLap(stageCount: 1)
    #expect(observation.waitShare == 0)
    #expect(observation.stepSeconds == nil)
    #expect(observation.cores == 0)
    #expect(observation.lanesInUse(0) == 0)
    #expect(observation.throughput(0) == 0)
    #expect(observation.bytesPerResult(0) == 0)
  }

  @Test func aTrainerThatOnlyWaitsHasNoBoundToItsDemand() {
    var observation = TuningLap(stageCount: 2)
    var waiting = lap
    waiting.waitSeconds = 0.3
    observation.add(waiting)
    #expect(observation.waitShare == 1)
    #expect(observation.unmetGrowth == .infinity)
  }
}
