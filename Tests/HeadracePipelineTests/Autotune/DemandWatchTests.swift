import Testing

@testable import HeadracePipeline

@Suite struct DemandWatchTests {
  private func observation(steps: Int = 8, stepSeconds: Double, waitShare: Double = 0) -> TuningLap {
    var observation = TuningLap(stageCount: 0)
    let busy = Double(steps) * stepSeconds
    let seconds = busy / (1 - waitShare)
    observation.add(
      TuningLap(
        seconds: seconds, stepCount: steps, waitSeconds: seconds - busy, cpuSeconds: 0,
        laneCount: 1, stages: []))
    return observation
  }

  private func verdicts(_ seconds: [Double], waitShare: Double = 0) -> [DemandWatch.Verdict] {
    var watch = DemandWatch(stageCount: 0)
    return seconds.map { watch.verdict(on: observation(stepSeconds: $0, waitShare: waitShare)) }
  }

  @Test func threeObservationsInARowAreAChange() {
    #expect(verdicts([0.1, 0.1, 0.2, 0.2, 0.2, 0.2]) == [.same, .same, .differs, .differs, .changed, .same])
    #expect(verdicts([0.1, 0.1, 0.05, 0.05, 0.05, 0.05]) == [.same, .same, .differs, .differs, .changed, .same])
  }

  @Test func aPauseIsNone() {
    #expect(
      verdicts([0.1, 0.1, 8, 0.1, 0.1, 8, 8, 0.1]) == [.same, .same, .differs, .same, .same, .differs, .differs, .same])
  }

  @Test func aQuarterMoreOrLessIsTheSame() {
    #expect(verdicts([0.1, 0.12, 0.09, 0.12, 0.12, 0.12, 0.12]).allSatisfy { $0 == .same })
  }

  @Test func aTrainerThatDoesNothingButWaitHasNoPace() {
    #expect(verdicts([1e-6, 3e-6, 1e-6, 9e-6, 9e-6, 9e-6], waitShare: 0.99).allSatisfy { $0 == .same })
  }

  @Test func ofAFewStepsThePaceIsNotKnown() {
    var watch = DemandWatch(stageCount: 0)
    #expect(watch.verdict(on: observation(stepSeconds: 0.1)) == .same)
    for _ in 0..<10 { #expect(watch.verdict(on: observation(steps: 7, stepSeconds: 0.5)) == .same) }
    #expect(abs(watch.known.stepSeconds! - 0.1) < 1e-12)
  }
}
