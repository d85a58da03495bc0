import HeadracePipeline
import Testing

/// What happens when the work changes after the search has ended.
@Suite struct AutotunerDemandTests {
  /// 100 samples a second: read needs 2 lanes, decode 4, augment half of one.
  private func makeTrial(coreCount: Int = 16) -> TuningTrial {
    let system = SimulatedSystem(
      stages: [
        SimulatedStage(name: "read", sleepSeconds: 0.02),
        SimulatedStage(name: "decode", cpuSeconds: 0.04),
        SimulatedStage(name: "augment", cpuSeconds: 0.005),
      ], coreCount: coreCount, trainer: .init(stepSeconds: 0.1, batchSize: 10))
    return TuningTrial(system)
  }

  @Test func fromOneEachItFindsWhatLittlesLawAsksFor() {
    let trial = makeTrial()
    #expect(trial.settle(within: 300), "\(trial.log)")
    #expect((2...3).contains(trial.tuner.concurrency[0]), "\(trial.log)")
    #expect((4...5).contains(trial.tuner.concurrency[1]), "\(trial.log)")
    #expect(trial.tuner.concurrency[2] == 1, "\(trial.log)")
    #expect(trial.run(laps: 100).wait < 0.03, "\(trial.log)")
  }

  @Test func fromTooManyItComesDownToTheSame() {
    let system = SimulatedSystem(
      stages: [
        SimulatedStage(name: "read", sleepSeconds: 0.02, start: 16),
        SimulatedStage(name: "decode", cpuSeconds: 0.04, start: 16),
        SimulatedStage(name: "augment", cpuSeconds: 0.005, start: 16),
      ], coreCount: 16, trainer: .init(stepSeconds: 0.1, batchSize: 10))
    let trial = TuningTrial(system)
    #expect(trial.settle(within: 500), "\(trial.log)")
    #expect(zip(trial.tuner.concurrency, [3, 5, 1]).allSatisfy { $0 <= $1 }, "\(trial.log)")
    #expect(trial.run(laps: 100).wait < 0.03, "\(trial.log)")
  }

  @Test func aQuickerTrainerIsFollowed() {
    let trial = makeTrial()
    #expect(trial.settle(within: 300))
    trial.system.trainer.stepSeconds /= 2
    trial.run(laps: 150)
    #expect(trial.settle(within: 300), "\(trial.log)")
    #expect((4...5).contains(trial.tuner.concurrency[0]), "\(trial.log)")
    #expect((8...9).contains(trial.tuner.concurrency[1]), "\(trial.log)")
    #expect(trial.run(laps: 100).wait < 0.03, "\(trial.log)")
  }

  @Test func aSlowerTrainerIsFollowed() {
    let trial = makeTrial()
    #expect(trial.settle(within: 300))
    trial.system.trainer.stepSeconds *= 2
    trial.run(laps: 300)
    #expect(trial.settle(within: 300), "\(trial.log)")
    #expect((1...2).contains(trial.tuner.concurrency[0]), "\(trial.log)")
    #expect((2...3).contains(trial.tuner.concurrency[1]), "\(trial.log)")
    #expect(trial.run(laps: 100).wait < 0.03, "\(trial.log)")
  }

  @Test func aDiskThatBecomesSlowerIsFollowed() {
    let trial = makeTrial()
    #expect(trial.settle(within: 300))
    trial.system.slowdown[0] = 3
    trial.run(laps: 100)
    #expect(trial.settle(within: 300), "\(trial.log)")
    #expect((6...8).contains(trial.tuner.concurrency[0]), "\(trial.log)")
    #expect(trial.run(laps: 100).wait < 0.03, "\(trial.log)")
  }

  @Test func aPauseOfTheTrainerChangesNothing() {
    let trial = makeTrial()
    #expect(trial.settle(within: 300))
    let changeCount = trial.changes.count
    let stepSeconds = trial.system.trainer.stepSeconds
    for _ in 0..<5 {
      // One step that takes a minute: a validation.
      trial.system.trainer.stepSeconds = 60
      trial.run(laps: 2)
      trial.system.trainer.stepSeconds = stepSeconds
      trial.run(laps: 350)
    }
    #expect(trial.changes.count == changeCount, "\(trial.log)")
  }

  @Test func aChangeByATenthIsNoReasonToSearchAgain() {
    let trial = makeTrial()
    #expect(trial.settle(within: 300))
    let changeCount = trial.changes.count
    trial.system.trainer.stepSeconds *= 1.1
    trial.run(laps: 500)
    #expect(trial.changes.count == changeCount, "\(trial.log)")
  }

  @Test func aTrainerThatGoesUpAndDownIsFollowedEachTime() {
    let trial = makeTrial()
    for round in 0..<6 {
      trial.system.trainer.stepSeconds = round.isMultiple(of: 2) ? 0.1 : 0.05
      trial.run(laps: 400)
      #expect(trial.tuner.isSettled, "\(trial.log)")
      let decode = trial.tuner.concurrency[1]
      #expect((round.isMultiple(of: 2) ? 4...6 : 8...9).contains(decode), "round \(round)\n\(trial.log)")
    }
  }
}
