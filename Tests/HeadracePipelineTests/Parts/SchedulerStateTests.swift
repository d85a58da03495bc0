import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

@Suite struct SchedulerStateTests {
  @Test func aLaneTakesTheLatestReadyStage() {
    var state = SchedulerState(concurrency: [1, 1, 1], lanes: 1, now: 0)
    #expect(state.signal(0, now: 1) == 0)
    #expect(state.signal(2, now: 1) == nil)
    #expect(state.signal(1, now: 1) == nil)
    #expect(state.next(lane: 0, now: 0) == 2)
    state.end(2, .starved, now: 2)
    #expect(state.next(lane: 0, now: 0) == 1)
    state.end(1, .again, now: 3)
    #expect(state.next(lane: 0, now: 0) == 1)
    state.end(1, .starved, now: 4)
    #expect(state.next(lane: 0, now: 0) == 0)
    state.end(0, .finished, now: 5)
    #expect(state.next(lane: 0, now: 0) == nil)
  }

  @Test func theLowestIdleLaneIsStarted() {
    var state = SchedulerState(concurrency: [9], lanes: 3, now: 0)
    #expect(state.signal(0, now: 0) == 0)
    #expect(state.signal(0, now: 0) == 1)
    #expect(state.signal(0, now: 0) == 2)
    #expect(state.signal(0, now: 0) == nil)
  }

  @Test(arguments: 1...4) func noMoreLanesWorkOnAStageThanItsConcurrency(concurrency: Int) {
    var state = SchedulerState(concurrency: [concurrency], lanes: 8, now: 0)
    let started = (0..<20).compactMap { _ in state.signal(0, now: 0) }
    #expect(started.count == concurrency)
    for lane in started { #expect(state.next(lane: lane, now: 0) == 0) }
    #expect(state.next(lane: 7, now: 0) == nil)
  }

  @Test func aConcurrencyHoldsForBothEpochsTogether() {
    let setups = [1, 2].map { SchedulerState.StageSetup(concurrency: $0) }
    var state = SchedulerState(setups, pools: [3])
    state.begin(0, now: 0)
    state.begin(1, now: 0)
    #expect(state.signal(0, now: 0) == 0)
    #expect(state.next(lane: 0, now: 0) == 0)
    // The next epoch's turn of that stage waits, and others go on.
    #expect(state.signal(2, now: 1) == 1)
    #expect(state.next(lane: 1, now: 1) == nil)
    #expect(state.signal(3, now: 1) == 1)
    #expect(state.next(lane: 1, now: 1) == 3)
    state.end(0, .starved, now: 2)
    #expect(state.next(lane: 0, now: 2) == 2)
  }

  @Test func operationsOfBothEpochsTogetherAreNoMoreThanTheConcurrency() {
    let setups = [1, 2].map { SchedulerState.StageSetup(concurrency: $0) }
    var state = SchedulerState(setups, pools: [2])
    state.begin(0, now: 0)
    state.begin(1, now: 0)
    for number in [1, 3] { #expect(state.beginOperation(of: number, now: 0) == true) }
    for number in [1, 3] { #expect(state.beginOperation(of: number, now: 0) == false) }
    // Another stage has operations of its own.
    #expect(state.beginOperation(of: 2, now: 0) == true)
    #expect(state.endOperation(of: 2, now: 1) == [])
    // Whoever was refused looks again, once.
    #expect(state.endOperation(of: 3, now: 1) == [1, 3])
    #expect(state.beginOperation(of: 1, now: 1) == true)
    #expect(state.endOperation(of: 1, now: 2) == [])
  }

  @Test func anOperationThatIsNotWantedAnyMoreTakesNoPlace() {
    var state = SchedulerState([SchedulerState.StageSetup(concurrency: 1)], pools: [1])
    state.begin(0, now: 0)
    state.begin(1, now: 0)
    #expect(state.beginOperation(of: 0, now: 0) == true)
    #expect(state.beginOperation(of: 1, now: 0) == false)
    #expect(state.abandonOperations(1, of: 0, now: 1) == [1])
    #expect(state.activeCount(of: 0) == 0)
    #expect(state.beginOperation(of: 1, now: 1) == true)
    // Its epoch waits for it.
    state.drain(0, now: 2)
    #expect(!state.isAtRest(0))
    state.endRelief(0)
    #expect(state.isAtRest(0))
    #expect(state.activeCount(of: 1) == 1)
  }

  @Test func anEpochThatEndsMakesTheNextTheElder() {
    var state = SchedulerState([SchedulerState.StageSetup(concurrency: 2)], pools: [2])
    state.begin(0, now: 0)
    _ = state.signal(0, now: 0)
    #expect(state.next(lane: 0, now: 0) == 0)
    // It has ended, and a lane is still at work in it.
    state.drain(0, now: 1)
    state.begin(1, now: 1)
    state.end(0, .finished, now: 2)
    state.begin(0, now: 2)
    _ = state.signal(0, now: 2)
    _ = state.signal(1, now: 2)
    #expect(state.next(lane: 0, now: 3) == 1)
  }

  @Test func aLaneThatCouldNotBeReplacedGoesOnWhenItComesBack() {
    var state = SchedulerState(concurrency: [1], lanes: 1, now: 0)
    #expect(state.signal(0, now: 0) == 0)
    #expect(state.next(lane: 0, now: 0) == 0)
    state.abandon(lane: 0, in: 0, now: 1)
    state.missReplacement(of: 0)
    #expect(state.signal(0, now: 1) == nil)
    #expect(state.takeBack(lane: 0) == .needed)
    #expect(state.next(lane: 0, now: 2) == 0)
    // One that was replaced waits.
    state.abandon(lane: 0, in: 0, now: 3)
    #expect(state.takeBack(lane: 0) == .spare)
    #expect(state.takeBack(lane: 0) == nil)
  }

  @Test func aSignalDuringASliceMakesTheStageLookAgain() {
    // Also after the last slice of a node: a repeat may have put a new one in its place.
    for result in [SliceResult.starved, .blocked, .again, .finished] {
      var state = SchedulerState(concurrency: [1], lanes: 1, now: 0)
      #expect(state.signal(0, now: 0) == 0)
      #expect(state.next(lane: 0, now: 0) == 0)
      #expect(state.signal(0, now: 1) == nil)
      state.end(0, result, now: 2)
      #expect(state.next(lane: 0, now: 0) == 0, "after \(result)")
      state.end(0, .starved, now: 3)
      #expect(state.next(lane: 0, now: 0) == nil, "a signal counts once")
    }
  }

  @Test func aSignalToAStageThatHasEndedStartsNoEndlessTurns() {
    var state = SchedulerState(concurrency: [1], lanes: 1, now: 0)
    _ = state.signal(0, now: 0)
    #expect(state.next(lane: 0, now: 0) == 0)
    _ = state.signal(0, now: 0)
    state.end(0, .finished, now: 1)
    #expect(state.next(lane: 0, now: 0) == 0)
    state.end(0, .finished, now: 2)
    #expect(state.next(lane: 0, now: 0) == nil)
  }

  @Test func timesSumToTheElapsedTimeAtEveryMoment() {
    for seed in 0..<200 {
      var random = SplitMix64(seed: seed)
      let concurrency = (0..<3).map { _ in Int.random(in: 1...3, using: &random) }
      let lanes = Int.random(in: 1...4, using: &random)
      let start = UInt64.random(in: 0...1000, using: &random)
      var now = start
      var state = SchedulerState(concurrency: concurrency, lanes: lanes, now: now)
      var idle = Set(0..<lanes)
      var working: [(lane: Int, stage: Int)] = []
      func offer(_ lane: Int) {
        if let stage = state.next(lane: lane, now: now) { working.append((lane, stage)) } else { idle.insert(lane) }
      }
      for _ in 0..<100 {
        now += UInt64.random(in: 0...5, using: &random)
        if Bool.random(using: &random), let place = working.indices.randomElement(using: &random) {
          let (lane, stage) = working.remove(at: place)
          state.end(stage, [.again, .starved, .blocked, .finished].randomElement(using: &random)!, now: now)
          offer(lane)
        } else if let lane = state.signal(Int.random(in: 0..<3, using: &random), now: now) {
          idle.remove(lane)
          offer(lane)
        }
        for (stage, times) in state.times(now: now).enumerated() {
          #expect(times.total == now - start, "seed \(seed), stage \(stage): \(times)")
        }
      }
      state.drain(now: now)
      let drained = now
      while let (lane, stage) = working.popLast() {
        state.end(stage, .again, now: now)
        offer(lane)
      }
      #expect(state.isAtRest)
      for times in state.times(now: now + 1000) { #expect(times.total == drained - start) }
    }
  }

  @Test func timeIsBlamedOnWhatTheStageWaitedFor() {
    var state = SchedulerState(concurrency: [1, 1], lanes: 1, now: 0)
    _ = state.signal(0, now: 10)  // starved until 10
    _ = state.next(lane: 0, now: 12)  // waits for its lane until 12
    state.end(0, .blocked, now: 25)  // busy until 25
    _ = state.next(lane: 0, now: 25)
    _ = state.signal(0, now: 65)  // blocked until 65
    _ = state.next(lane: 0, now: 65)
    let first = state.times(now: 70)[0]
    #expect([first.busy, first.blocked, first.starved] == [18, 42, 10])
    // While it waited for its lane it had something to do: that is no wait at a queue.
    #expect([first.putWait.nanoseconds, first.getWait.nanoseconds] == [40, 10])
    // The only lane is taken: the stage could work and may not.
    _ = state.signal(1, now: 70)
    let second = state.times(now: 100)[1]
    #expect([second.busy, second.blocked, second.starved] == [0, 30, 70])
  }

  @Test func nothingNewStartsOnceDraining() {
    var state = SchedulerState(concurrency: [2, 2], lanes: 2, now: 0)
    #expect(state.signal(0, now: 0) == 0)
    #expect(state.next(lane: 0, now: 0) == 0)
    #expect(state.signal(1, now: 0) == 1)  // its lane is on the way
    state.drain(now: 5)
    #expect(!state.isAtRest)
    #expect(state.signal(1, now: 6) == nil)
    #expect(state.next(lane: 1, now: 0) == nil)
    #expect(!state.isAtRest)
    state.end(0, .again, now: 7)
    #expect(state.next(lane: 0, now: 0) == nil)
    #expect(state.isAtRest)
    #expect(state.signal(0, now: 8) == nil)
  }
}
