import HeadracePipeline
import Testing

/// A thousand random pipelines on random machines: CPU, sleep, locks and filters, in any mixture, with a noise of 20 %.
@Suite struct AutotunerSearchTests {
  /// A pipeline that was tuned until the tuner was settled, and observed for 40 s more.
  private struct Outcome {
    let random: RandomSystem
    let trial: TuningTrial
    let isSettled: Bool
    let concurrency: [Int]
    let changeCount: Int
    let waitShare: Double

    init(seed: Int) {
      random = RandomSystem(seed: seed)
      trial = TuningTrial(random.system())
      isSettled = trial.settle(within: 1500)
      concurrency = trial.tuner.concurrency
      changeCount = trial.changes.count
      waitShare = trial.run(laps: 200).wait
    }

    var comment: Comment { "\(random)\n\(trial.log)" }
  }

  @Test(arguments: 0..<10) func onRandomPipelinesTheLeastConcurrencyIsFoundAndKept(group: Int) {
    var stageCount = 0
    var tooManyCount = 0
    for seed in (group * 100)..<(group * 100 + 100) {
      let outcome = Outcome(seed: seed)
      let random = outcome.random
      #expect(outcome.isSettled, outcome.comment)
      #expect(outcome.trial.changes.count - outcome.changeCount <= 4, "does not stay settled; \(outcome.comment)")
      guard random.isFeasible else {
        #expect(
          1 - outcome.waitShare >= 0.85 * random.attainable, "waits \(outcome.waitShare); \(outcome.comment)")
        continue
      }
      #expect(outcome.waitShare <= 0.04, outcome.comment)
      for stage in random.stages.indices {
        stageCount += 1
        // Fewer than this cannot do it, whatever the others have.
        let least = max(1, Int((0.97 * random.needed[stage]).rounded(.up)))
        guard outcome.concurrency[stage] > least + 1 else { continue }
        // But it may take more: calls that compete take longer.
        var fewer = outcome.concurrency
        fewer[stage] -= 2
        guard random.waitShare(at: fewer) <= 0.03 else { continue }
        tooManyCount += 1
        #expect(outcome.concurrency[stage] <= least + 4, "stage \(stage) of \(outcome.comment)")
      }
    }
    #expect(tooManyCount * 25 <= stageCount, "\(tooManyCount) of \(stageCount) stages could do with two less")
  }

  @Test(arguments: [0.1, 0.3, 0.4]) func noiseDoesNotUnsettleIt(noise: Double) {
    for seed in 0..<20 {
      var random = RandomSystem(seed: seed)
      random.noise = noise
      let trial = TuningTrial(random.system())
      #expect(trial.settle(within: 2000), "\(random)\n\(trial.log)")
      let changeCount = trial.changes.count
      trial.run(laps: 200)
      #expect(trial.changes.count - changeCount <= 8, "\(random)\n\(trial.log)")
    }
  }
}
