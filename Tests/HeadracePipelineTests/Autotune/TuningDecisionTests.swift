import Testing

@testable import HeadracePipeline

/// What a user reads.
@Suite struct TuningDecisionTests {
  private func line(_ from: Int, _ to: Int, _ reason: TuningReason) -> String {
    TuningDecision(stage: "decode", from: from, to: to, reason: reason).description
  }

  @Test func aDecisionIsASentenceWithItsFigures() {
    #expect(
      line(2, 4, .trainerWaits(share: 0.31, seconds: 0.4, busy: 0.99, callSeconds: 0.0051))
        == "decode 2 -> 4: the trainer waited 31 % of the last 0.4 s, decode is busy 99 % and takes 5.1 ms a call")
    #expect(
      line(3, 4, .loweredTooFar(share: 0.08, seconds: 1.2, busy: 1))
        == "decode 3 -> 4: with 3 the trainer waited 8 % of the last 1.2 s, decode is busy 100 %")
    #expect(
      line(8, 3, .moreThanNeeded(lanes: 2.4, callsPerSecond: 1410, callSeconds: 0.0017))
        == "decode 8 -> 3: 1,410 calls a second of 1.7 ms each need 2.4 lanes")
    #expect(
      line(6, 4, .overspent(cores: 4.61, allowed: 4))
        == "decode 6 -> 4: the process used the CPU of 4.6 cores, and 4.0 are allowed")
    #expect(line(6, 4, .gaveNothing(.cores(count: 4))) == "decode 6 -> 4: more gave nothing: all 4 cores are at work")
    let yields = (
      TuningYield(concurrency: 4, callsPerSecond: 410, callSeconds: 0.0097),
      TuningYield(concurrency: 16, callsPerSecond: 420, callSeconds: 0.0381)
    )
    #expect(
      line(16, 5, .gaveNothing(.doesNotScale(from: yields.0, to: yields.1)))
        == "decode 16 -> 5: more gave nothing: with 4 it made 410 calls a second of 9.7 ms each,"
        + " and with 16 it made 420 calls a second of 38.1 ms each")
  }

  @Test func whatCannotBeRaisedSaysWhatStopsIt() {
    func held(_ barrier: TuningBarrier) -> String { line(4, 4, .held(barrier, share: 0.2, seconds: 1)) }
    let begin = "decode stays at 4: the trainer waited 20 % of the last 1.0 s, but "
    #expect(
      held(.cpuBudget(cores: 4.75, allowed: 4))
        == begin + "one more would take the CPU of 4.8 cores, and 4.0 are allowed")
    #expect(
      held(.byteBudget(byteCount: 1_200_000_000, allowed: 1_000_000_000))
        == begin + "with one more 1.2 GB could be in flight, and 1.0 GB are allowed")
    #expect(held(.cores(count: 1)) == begin + "the only core is at work")
    #expect(held(.lanes(count: 8)) == begin + "there are no more than 8 threads")
    #expect(held(.lanes(count: 1)) == begin + "there is one thread")
    #expect(held(.maximum(4)) == begin + "4 is the most that it may have")
    #expect(held(.nothingBusy(share: 0.4)) == begin + "it is the busiest stage and busy for 40 % only")
  }
}
