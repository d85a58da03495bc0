import HeadracePipeline
import HeadraceTestSupport
import Testing

/// What stops a rise, and that it is said.
@Suite struct AutotunerLimitTests {
  private func makeTrial(
    _ stages: [SimulatedStage], coreCount: Int = 16, laneCount: Int = 64, stepSeconds: Double = 0.1,
    limits: TuningLimits? = nil
  ) -> TuningTrial {
    TuningTrial(
      SimulatedSystem(
        stages: stages, coreCount: coreCount, laneCount: laneCount,
        trainer: .init(stepSeconds: stepSeconds, batchSize: 10)),
      limits: limits)
  }

  private func barriers(_ trial: TuningTrial) -> [TuningBarrier] {
    trial.decisions.compactMap { decision in
      switch decision.decision.reason {
      case .held(let barrier, _, _), .gaveNothing(let barrier): barrier
      default: nil
      }
    }
  }

  @Test func aStageUnderALockIsNotRaisedForEver() {
    // Calls hold the lock half of their time, so two are all that it bears: 100 a second are asked for, it gives 50.
    let trial = makeTrial([SimulatedStage(name: "decode", lockSeconds: 0.02, cpuSeconds: 0.02)])
    #expect(trial.settle(within: 500), "\(trial.log)")
    #expect((2...4).contains(trial.tuner.concurrency[0]), "\(trial.log)")
    let changeCount = trial.changes.count
    trial.run(laps: 2000)
    #expect(trial.changes.count == changeCount, "\(trial.log)")
    let tells = barriers(trial).contains { if case .doesNotScale = $0 { true } else { false } }
    #expect(tells, "\(trial.log)")
  }

  @Test(arguments: [2, 4, 8]) func moreThanTheCoresCanDoIsNotAskedOfThem(coreCount: Int) {
    // The trainer asks for 16 cores.
    let trial = makeTrial([SimulatedStage(name: "decode", cpuSeconds: 0.16)], coreCount: coreCount)
    #expect(trial.settle(within: 500), "\(trial.log)")
    #expect((coreCount...coreCount + 1).contains(trial.tuner.concurrency[0]), "\(trial.log)")
    #expect(trial.run(laps: 100).cores > 0.97 * Double(coreCount), "\(trial.log)")
    #expect(barriers(trial).contains(.cores(count: coreCount)), "\(trial.log)")
  }

  @Test func aTrainerThatDoesNothingButWaitGetsWhatTheCoresGive() {
    let trial = makeTrial(
      [SimulatedStage(name: "read", sleepSeconds: 0.01), SimulatedStage(name: "decode", cpuSeconds: 0.01)],
      coreCount: 4, stepSeconds: 1e-6)
    #expect(trial.settle(within: 500), "\(trial.log)")
    let changeCount = trial.changes.count
    #expect(trial.run(laps: 500).cores > 3.7, "\(trial.log)")
    #expect(trial.changes.count - changeCount <= 2, "\(trial.log)")
  }

  @Test func theBudgetOfCPUIsKeptAndToldOf() {
    // The trainer asks for 8 cores and 3 are allowed, so 37 % of its steps are what it can have.
    let trial = makeTrial(
      [SimulatedStage(name: "decode", cpuSeconds: 0.08)],
      limits: TuningLimits(coreCount: 16, cpuBudget: 3.05))
    #expect(trial.settle(within: 500), "\(trial.log)")
    #expect(trial.tuner.concurrency == [3], "\(trial.log)")
    #expect(trial.run(laps: 100).cores < 3.05, "\(trial.log)")
    let tells = barriers(trial).contains { if case .cpuBudget = $0 { true } else { false } }
    #expect(tells, "\(trial.log)")
  }

  @Test func tooMuchCPUFromTheStartIsTakenBack() {
    let trial = makeTrial(
      [SimulatedStage(name: "decode", cpuSeconds: 0.08, start: 12)],
      limits: TuningLimits(coreCount: 16, cpuBudget: 3.05))
    #expect(trial.settle(within: 500), "\(trial.log)")
    #expect(trial.run(laps: 100).cores < 3.2, "\(trial.log)")
    let tells = trial.decisions.contains { if case .overspent = $0.decision.reason { true } else { false } }
    #expect(tells, "\(trial.log)")
  }

  @Test(arguments: 0..<4) func onRandomPipelinesNoDecisionExceedsABudget(group: Int) {
    for seed in (group * 25)..<(group * 25 + 25) {
      let random = RandomSystem(seed: seed)
      var numbers = SplitMix64(seed: seed)
      let cpuBudget = max(0.5, Double(random.coreCount) * Double.random(in: 0.1...0.9, using: &numbers))
      let byteBudget = Int.random(in: 5...150, using: &numbers) * 1000
      let trial = TuningTrial(
        random.system(),
        limits: TuningLimits(coreCount: random.coreCount, cpuBudget: cpuBudget, byteBudget: byteBudget))
      let begin = trial.tuner.concurrency
      for _ in 0..<200 {
        trial.run(laps: 1)
        let concurrency = trial.tuner.concurrency
        let isHigher = zip(concurrency, begin).contains { $0 > $1 }
        let bytes = zip(concurrency, random.stages).reduce(0) { $0 + $1.0 * 3 * $1.1.byteCount }
        #expect(!isHigher || bytes <= byteBudget, "\(bytes) of \(byteBudget) bytes; \(random)\n\(trial.log)")
      }
      _ = trial.settle(within: 1200)
      let cores = trial.run(laps: 100).cores
      let isAtLeast = trial.tuner.concurrency.allSatisfy { $0 == 1 }
      #expect(isAtLeast || cores <= 1.07 * cpuBudget, "\(cores) of \(cpuBudget) cores; \(random)\n\(trial.log)")
    }
  }

  @Test func theBudgetOfBytesIsToldOf() {
    // Three results for each: 30 kB, so three of them fit.
    var stage = SimulatedStage(name: "decode", cpuSeconds: 0.08)
    stage.byteCount = 10_000
    let trial = makeTrial([stage], limits: TuningLimits(coreCount: 16, byteBudget: 100_000))
    trial.run(laps: 100)
    #expect(trial.tuner.concurrency[0] <= 3, "\(trial.log)")
    let tells = barriers(trial).contains { if case .byteBudget = $0 { true } else { false } }
    #expect(tells, "\(trial.log)")
  }

  @Test func noMoreThanTheLanesAreAskedFor() {
    let trial = makeTrial(
      [SimulatedStage(name: "read", sleepSeconds: 0.03), SimulatedStage(name: "decode", cpuSeconds: 0.08)],
      laneCount: 4)
    #expect(trial.settle(within: 600), "\(trial.log)")
    #expect(trial.tuner.concurrency.allSatisfy { $0 <= 4 }, "\(trial.log)")
    #expect(barriers(trial).contains(.lanes(count: 4)), "\(trial.log)")
  }

  @Test func aMaximumIsKeptAndToldOf() {
    let trial = makeTrial([SimulatedStage(name: "read", sleepSeconds: 0.08, maximum: 5)])
    #expect(trial.settle(within: 500), "\(trial.log)")
    #expect(trial.tuner.concurrency == [5], "\(trial.log)")
    #expect(barriers(trial).contains(.maximum(5)), "\(trial.log)")
  }

  @Test func ofTwoStagesOnlyTheOneThatLimitsIsRaised() {
    let trial = makeTrial([
      SimulatedStage(name: "read", sleepSeconds: 0.004), SimulatedStage(name: "decode", cpuSeconds: 0.05),
    ])
    #expect(trial.settle(within: 500), "\(trial.log)")
    #expect(trial.changes.allSatisfy { $0.decision.stage == "decode" }, "\(trial.log)")
  }
}
