import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// Laps made by hand.
@Suite struct AutotunerTests {
  /// A lap of 0.2 s in which the trainer took `steps` and waited for a share of the time, and decode had all of its
  /// `lanes` at work.
  private func lap(
    wait: Double, steps: Int, calls: Int, lanes: Double, callSeconds: Double, cores: Double = 1
  ) -> TuningLap {
    TuningLap(
      seconds: 0.2, stepCount: steps, waitSeconds: 0.2 * wait, cpuSeconds: 0.2 * cores,
      laneCount: 64,
      stages: [
        StageLap(
          callCount: calls, callSeconds: callSeconds * Double(calls), laneSeconds: 0.2 * lanes,
          resultByteCount: calls * 1000)
      ])
  }

  private func makeTuner(_ concurrency: Int = 1, range: ClosedRange<Int> = 1...64) -> Autotuner {
    Autotuner(
      stages: [TunedStage("decode", concurrency: concurrency, range: range)], limits: TuningLimits(coreCount: 16))
  }

  @Test func theFirstLapsOnlyWarmUp() {
    var tuner = makeTuner()
    // No step yet: the first batch is being made.
    for _ in 0..<20 {
      #expect(tuner.observe(lap(wait: 1, steps: 0, calls: 40, lanes: 1, callSeconds: 0.005)).isEmpty)
    }
    // The step ends the warm-up; the lap after it is the first that counts.
    #expect(tuner.observe(lap(wait: 0.7, steps: 1, calls: 40, lanes: 1, callSeconds: 0.005)).isEmpty)
    #expect(tuner.observe(lap(wait: 0.7, steps: 1, calls: 40, lanes: 1, callSeconds: 0.005)).count == 1)
  }

  @Test func aFirstBatchThatTakesMinutesIsNotWaitedFor() {
    var tuner = makeTuner()
    var decisions: [TuningDecision] = []
    for _ in 0..<40 { decisions += tuner.observe(lap(wait: 1, steps: 0, calls: 4, lanes: 1, callSeconds: 0.05)) }
    #expect(decisions.map(\.to) == [4])
  }

  @Test func aRiseSaysWhatItRestsOn() {
    var tuner = makeTuner(2)
    _ = tuner.observe(lap(wait: 0.6, steps: 2, calls: 78, lanes: 2, callSeconds: 0.0051))
    let decisions = tuner.observe(lap(wait: 0.6, steps: 2, calls: 78, lanes: 1.98, callSeconds: 0.0051))
    #expect(
      decisions.map(\.description) == [
        "decode 2 -> 5: the trainer waited 60 % of the last 0.2 s, decode is busy 99 % and takes 5.1 ms a call"
      ])
    #expect(tuner.concurrency == [5])
    #expect(tuner.frozen == ["decode": 5])
  }

  @Test func aRiseAsksForWhatTheTrainerLacksAndForFourTimesAsMuchAtMost() {
    for (wait, expected) in [(0.6, 10), (0.7, 14), (0.74, 16), (0.9, 16), (1, 16)] {
      var tuner = makeTuner(4)
      _ = tuner.observe(lap(wait: wait, steps: 1, calls: 100, lanes: 4, callSeconds: 0.008))
      _ = tuner.observe(lap(wait: wait, steps: 1, calls: 100, lanes: 4, callSeconds: 0.008))
      #expect(tuner.concurrency == [expected], "waits \(wait)")
    }
  }

  @Test func whatNeedsNoLaneIsNotBoundByThem() {
    for (sharesLanes, expected) in [(true, 4), (false, 16)] {
      var tuner = Autotuner(
        stages: [TunedStage("fetch", concurrency: 4, range: 1...64, sharesLanes: sharesLanes)],
        limits: TuningLimits(coreCount: 16))
      var lap = lap(wait: 0.9, steps: 1, calls: 100, lanes: 4, callSeconds: 0.008)
      lap.laneCount = 4
      for _ in 0..<2 { _ = tuner.observe(lap) }
      #expect(tuner.concurrency == [expected])
    }
  }

  @Test func slowCallsMakeTheObservationLonger() {
    var tuner = makeTuner()
    _ = tuner.observe(lap(wait: 0.8, steps: 1, calls: 2, lanes: 1, callSeconds: 0.1))
    // Two calls a lap, and sixteen are needed while the trainer waits most of the time.
    for _ in 0..<7 {
      #expect(tuner.observe(lap(wait: 0.8, steps: 1, calls: 2, lanes: 1, callSeconds: 0.1)).isEmpty)
    }
    #expect(tuner.observe(lap(wait: 0.8, steps: 1, calls: 2, lanes: 1, callSeconds: 0.1)).count == 1)
  }

  @Test func whileTheTrainerWaitsLittleEightStepsAndASecondAreNeeded() {
    var tuner = makeTuner()
    _ = tuner.observe(lap(wait: 0.2, steps: 1, calls: 40, lanes: 1, callSeconds: 0.005))
    for _ in 0..<7 {
      #expect(tuner.observe(lap(wait: 0.2, steps: 1, calls: 40, lanes: 1, callSeconds: 0.005)).isEmpty)
    }
    #expect(tuner.observe(lap(wait: 0.2, steps: 1, calls: 40, lanes: 1, callSeconds: 0.005)).map(\.to) == [2])

    var quick = makeTuner()
    _ = quick.observe(lap(wait: 0.2, steps: 20, calls: 400, lanes: 1, callSeconds: 0.0005))
    for _ in 0..<4 {
      #expect(quick.observe(lap(wait: 0.2, steps: 20, calls: 400, lanes: 1, callSeconds: 0.0005)).isEmpty)
    }
    #expect(quick.observe(lap(wait: 0.2, steps: 20, calls: 400, lanes: 1, callSeconds: 0.0005)).map(\.to) == [2])
  }

  @Test func aLapInWhichAChangeHasNotShownYetDoesNotCount() {
    var tuner = makeTuner()
    let slow = lap(wait: 0.7, steps: 1, calls: 20, lanes: 1, callSeconds: 0.01)
    _ = tuner.observe(slow)
    #expect(tuner.observe(slow).map(\.to) == [4])
    // Five calls were at work or will be; one more lap of the old kind would raise it again.
    #expect(tuner.observe(slow).isEmpty)
    let quick = lap(wait: 0, steps: 2, calls: 40, lanes: 2, callSeconds: 0.01)
    for _ in 0..<5 { #expect(tuner.observe(quick).isEmpty) }
    #expect(tuner.concurrency == [4])
  }

  @Test func aRestartForgetsWhatWasGatheredAndKeepsWhatWasFound() {
    var tuner = makeTuner(3)
    _ = tuner.observe(lap(wait: 0.2, steps: 1, calls: 40, lanes: 3, callSeconds: 0.015))
    for _ in 0..<7 { _ = tuner.observe(lap(wait: 0.2, steps: 1, calls: 40, lanes: 3, callSeconds: 0.015)) }
    tuner.restart()
    #expect(tuner.concurrency == [3])
    for _ in 0..<8 {
      #expect(tuner.observe(lap(wait: 0.2, steps: 1, calls: 40, lanes: 3, callSeconds: 0.015)).isEmpty)
    }
    #expect(tuner.observe(lap(wait: 0.2, steps: 1, calls: 40, lanes: 3, callSeconds: 0.015)).map(\.to) == [4])
  }

  @Test func whenNoStageIsBusyNothingIsChangedAndThatIsSaidOnce() {
    var tuner = makeTuner(4)
    var decisions: [TuningDecision] = []
    for _ in 0..<100 { decisions += tuner.observe(lap(wait: 0.4, steps: 2, calls: 64, lanes: 2, callSeconds: 0.005)) }
    #expect(
      decisions.map(\.description) == [
        "decode stays at 4: the trainer waited 40 % of the last 1.0 s,"
          + " but it is the busiest stage and busy for 50 % only"
      ])
    #expect(tuner.isSettled)
  }

  @Test func whatIsLoweredSaysWhatItRestsOn() {
    var tuner = makeTuner(8)
    var decisions: [TuningDecision] = []
    for _ in 0..<100 { decisions += tuner.observe(lap(wait: 0, steps: 2, calls: 60, lanes: 2.4, callSeconds: 0.008)) }
    #expect(decisions.map(\.description) == ["decode 8 -> 3: 300 calls a second of 8.0 ms each need 2.4 lanes"])
    #expect(tuner.isSettled)
  }

  @Test func aStageOfFixedConcurrencyIsNeverChanged() {
    var tuner = Autotuner(stages: [TunedStage("decode", fixed: 2)], limits: TuningLimits(coreCount: 16))
    var decisions: [TuningDecision] = []
    for _ in 0..<100 { decisions += tuner.observe(lap(wait: 0.4, steps: 2, calls: 64, lanes: 2, callSeconds: 0.005)) }
    #expect(tuner.concurrency == [2])
    #expect(tuner.frozen.isEmpty)
    #expect(decisions.map(\.isChange) == [false])
  }

  @Test func whateverLapsSayConcurrencyStaysInItsRange() {
    for seed in 0..<300 {
      var random = SplitMix64(seed: seed)
      let stages = (0..<Int.random(in: 1...4, using: &random)).map { index in
        let least = Int.random(in: 1...4, using: &random)
        let most = least + Int.random(in: 0...20, using: &random)
        return TunedStage(
          "s\(index)", concurrency: Int.random(in: least...most, using: &random), range: least...most)
      }
      var tuner = Autotuner(
        stages: stages,
        limits: TuningLimits(
          coreCount: 4, cpuBudget: Double.random(in: 0.5...4, using: &random),
          byteBudget: Bool.random(using: &random) ? 50_000 : nil))
      for _ in 0..<200 {
        func some(_ most: Double) -> Double {
          [0, most, Double.random(in: 0...most, using: &random)].randomElement(using: &random)!
        }
        let before = tuner.concurrency
        let decisions = tuner.observe(
          TuningLap(
            seconds: 0.2, stepCount: Int(some(20)), waitSeconds: some(0.3),
            cpuSeconds: some(1), laneCount: Int(some(8)), byteCountInFlight: Int(some(100_000)),
            stages: stages.map { _ in
              StageLap(
                callCount: Int(some(300)), callSeconds: some(4), laneSeconds: some(4),
                resultByteCount: Int(some(1_000_000)))
            }))
        for (stage, concurrency) in zip(stages, tuner.concurrency) {
          #expect(stage.range.contains(concurrency), "seed \(seed): \(stage) has \(concurrency)")
        }
        // What is returned is what was done.
        var applied = before
        for decision in decisions {
          let index = stages.firstIndex { $0.name == decision.stage }!
          #expect(decision.from == before[index], "seed \(seed)")
          applied[index] = decision.to
        }
        #expect(applied == tuner.concurrency, "seed \(seed)")
      }
    }
  }
}
