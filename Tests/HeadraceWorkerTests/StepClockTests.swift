import Testing

@testable import HeadraceHeadspace

@Suite struct StepClockTests {
  /// A step of `loop` nanoseconds that begins at `now`, and the wait after it.
  private func liveStep(_ clock: inout StepClock, at now: UInt64, loop: UInt64, wait: UInt64) {
    clock.stepBegins(at: now)
    clock.stepEnds(at: now + loop, isReplay: false)
    clock.waited(wait)
  }

  @Test func aLiveStepIsTheLoopsTimeAndTheWait() {
    var clock = StepClock()
    // The first call has no step before it.
    clock.stepEnds(at: 50, isReplay: false)
    clock.waited(1_000)
    liveStep(&clock, at: 100, loop: 3_000_000, wait: 2_000_000)
    #expect(clock.steadyLiveSeconds == [0.005])
    #expect(clock.steadyReplaySeconds.isEmpty)
  }

  @Test func whatTheLoaderDoesItselfIsNotCounted() {
    var clock = StepClock()
    liveStep(&clock, at: 0, loop: 1_000_000, wait: 1_000_000)
    // Copying into the cache took from 2 ms to 9 ms.
    liveStep(&clock, at: 9_000_000, loop: 1_000_000, wait: 1_000_000)
    #expect(clock.steadyLiveSeconds == [0.002, 0.002])
  }

  @Test func theTimeBetweenEpochsIsNoStep() {
    var clock = StepClock()
    clock.stepBegins(at: 0)
    clock.stepEnds(at: 10, isReplay: false)
    clock.pause()
    clock.stepEnds(at: 5_000_000_000, isReplay: false)
    clock.waited(7)
    #expect(clock.steadyLiveSeconds.isEmpty)
  }

  @Test func aWaitThatTimedOutBelongsToTheStep() {
    var clock = StepClock()
    clock.stepBegins(at: 0)
    clock.stepEnds(at: 1_000_000, isReplay: false)
    // The call threw after 4 ms; the next one, at 6 ms, waits for 2 ms more.
    clock.stepEnds(at: 6_000_000, isReplay: false)
    clock.waited(2_000_000)
    #expect(clock.steadyLiveSeconds == [0.008])
  }

  @Test func stepsThatAFullRingHidAreLeftOutButNeverMoreThanHalf() {
    for (depth, expected) in [(0, 10), (4, 6), (8, 5), (100, 5)] {
      var clock = StepClock()
      for step in 0..<10 { liveStep(&clock, at: UInt64(step) * 1000, loop: UInt64(step) * 10, wait: 0) }
      clock.replayStarts(ringDepth: depth)
      #expect(clock.steadyLiveSeconds.count == expected)
      #expect(clock.steadyLiveSeconds.last == 90e-9)
    }
  }

  @Test func theStepBetweenLiveAndReplayIsOfNeitherKind() {
    var clock = StepClock()
    for step in 0..<6 { liveStep(&clock, at: UInt64(step) * 1000, loop: 100, wait: 0) }
    clock.stepBegins(at: 6000)
    clock.stepEnds(at: 6100, isReplay: false)
    clock.replayStarts(ringDepth: 0)
    for step in 0..<5 {
      let begin = UInt64(100_000 + step * 1000)
      clock.stepBegins(at: begin)
      clock.stepEnds(at: begin + 500, isReplay: true)
    }
    #expect(clock.steadyLiveSeconds.count == 6)
    // The first two still share the machine with a worker that ends.
    #expect(clock.steadyReplaySeconds == Array(repeating: 5e-7, count: 3))
  }
}
