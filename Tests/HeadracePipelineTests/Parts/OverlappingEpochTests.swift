import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// The time of a stage while two epochs are at work at once.
@Suite struct OverlappingEpochTests {
  private func makeState(concurrency: Int = 1) -> SchedulerState {
    SchedulerState([SchedulerState.StageSetup(concurrency: concurrency)], pools: [2])
  }

  @Test func twoAtOnceTakeNoMoreTimeThanOne() {
    var state = makeState()
    state.begin(0, now: 0)
    state.begin(1, now: 10)
    #expect(state.times(now: 20)[0].total == 20)
    state.drain(0, now: 30)
    state.drain(1, now: 40)
    #expect(state.times(now: 70)[0].total == 40)
    // Nor does the time between them count.
    state.begin(0, now: 100)
    #expect(state.times(now: 110)[0].total == 50)
  }

  @Test(arguments: [SliceResult.again, .starved]) func noHandWaitsBetweenEpochs(last: SliceResult) {
    var state = makeState()
    state.begin(0, now: 0)
    #expect(state.signal(0, now: 0) == 0)
    #expect(state.next(lane: 0, now: 0) == 0)
    state.drain(0, now: 10)
    state.end(0, last, now: 20)
    #expect(state.next(lane: 0, now: 20) == nil)
    state.begin(1, now: 1_000)
    #expect(state.signal(1, now: 1_000) == 0)
    let times = state.times(now: 1_000)[0]
    #expect(times.getWait.histogram.total + times.putWait.histogram.total == 0)
  }

  @Test func theStageIsBusyWhileEitherIsWorkedOn() {
    var state = makeState(concurrency: 2)
    state.begin(0, now: 0)
    state.begin(1, now: 0)
    for (number, begin) in [(0, 10), (1, 20)] {
      #expect(state.signal(number, now: UInt64(begin)) == number)
      #expect(state.next(lane: number, now: UInt64(begin)) == number)
    }
    state.end(0, .starved, now: 30)
    state.end(1, .starved, now: 50)
    let times = state.times(now: 60)[0]
    #expect([times.busy, times.blocked, times.starved] == [40, 0, 20])
    #expect(times.atWork == 20 + 30)
  }

  @Test func aHandThatOneHasIsNoIdleOneOfTheOther() {
    var state = makeState(concurrency: 2)
    state.begin(0, now: 0)
    state.begin(1, now: 0)
    #expect(state.signal(0, now: 0) == 0)
    #expect(state.next(lane: 0, now: 0) == 0)
    #expect(state.times(now: 10)[0].getWait.nanoseconds == 10)
  }

  @Test func idleHandsWaitForWhatTheElderWaitsFor() {
    var state = makeState()
    state.begin(0, now: 0)
    state.begin(1, now: 0)
    func turn(_ number: Int, _ result: SliceResult, now: UInt64) {
      guard let lane = state.signal(number, now: now) else { return }
      #expect(state.next(lane: lane, now: now) == number)
      state.end(number, result, now: now)
      #expect(state.next(lane: lane, now: now) == nil)
    }
    turn(1, .blocked, now: 0)
    #expect(state.times(now: 10)[0].starved == 10)
    turn(0, .finished, now: 10)
    #expect(state.times(now: 25)[0].blocked == 15)
    state.drain(0, now: 30)
    turn(1, .starved, now: 30)
    let times = state.times(now: 40)[0]
    #expect([times.busy, times.blocked, times.starved] == [0, 20, 20])
    #expect([times.putWait.nanoseconds, times.getWait.nanoseconds] == [20, 20])
  }

  @Test func afterAnyStepsTimesSumToThoseInWhichAnEpochWasAtWork() {
    for seed in 0..<300 {
      var random = SplitMix64(seed: seed)
      var state = SchedulerState(
        (0..<2).map { _ in SchedulerState.StageSetup(concurrency: Int.random(in: 1...3, using: &random)) }, pools: [3])
      var now: UInt64 = 0
      var expected: UInt64 = 0
      var isRunning = [false, false]
      var working: [(lane: Int, number: Int)] = []
      func offer(_ lane: Int) {
        if let number = state.next(lane: lane, now: now) { working.append((lane, number)) }
      }
      for _ in 0..<200 {
        let elapsed = UInt64.random(in: 0...5, using: &random)
        now += elapsed
        if isRunning.contains(true) { expected += elapsed }
        let slot = Int.random(in: 0...1, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where isRunning[slot]:
          state.drain(slot, now: now)
          isRunning[slot] = false
        case 1 where !isRunning[slot] && state.isAtRest(slot):
          state.begin(slot, now: now)
          isRunning[slot] = true
        case 2, 3:
          guard let place = working.indices.randomElement(using: &random) else { continue }
          let (lane, number) = working.remove(at: place)
          state.end(number, [.again, .starved, .blocked, .finished].randomElement(using: &random)!, now: now)
          offer(lane)
        default:
          if let lane = state.signal(Int.random(in: 0..<4, using: &random), now: now) { offer(lane) }
        }
        for times in state.times(now: now) { #expect(times.total == expected, "seed \(seed)") }
      }
    }
  }
}
