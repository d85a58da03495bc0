import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// The time that a stage's lanes and operations have been at work: what the autotuner takes for its need.
@Suite struct LaneTimeTests {
  @Test func eachLaneCountsFromTheBeginningOfItsSliceToTheEnd() {
    var state = SchedulerState(concurrency: [3], lanes: 3, now: 0)
    for (lane, now) in [(0, 10), (1, 20), (2, 25)] {
      #expect(state.signal(0, now: UInt64(now)) == lane)
      #expect(state.next(lane: lane, now: UInt64(now)) == 0)
    }
    #expect(state.times(now: 30)[0].atWork == 20 + 10 + 5)
    state.end(0, .starved, now: 40)
    state.end(0, .starved, now: 50)
    #expect(state.times(now: 60)[0].atWork == 95)
  }

  @Test func anOperationCountsWhileItWaitsWithoutALane() {
    var state = SchedulerState(concurrency: [4], lanes: 1, now: 0)
    #expect(state.signal(0, now: 0) == 0)
    #expect(state.next(lane: 0, now: 0) == 0)
    #expect(state.beginOperation(of: 0, now: 0) == true)
    #expect(state.beginOperation(of: 0, now: 10) == true)
    // One lane, which begins operations and computes for them: it is not counted beside them.
    state.end(0, .starved, now: 20)
    #expect(state.times(now: 20)[0].atWork == 10 + 2 * 10)
    _ = state.endOperation(of: 0, now: 50)
    _ = state.endOperation(of: 0, now: 60)
    #expect(state.times(now: 100)[0].atWork == 30 + 2 * 30 + 10)
  }

  @Test func anOperationKeepsItsEpochFromComingToRest() {
    var state = SchedulerState(concurrency: [2], lanes: 1, now: 0)
    #expect(state.beginOperation(of: 0, now: 0) == true)
    state.drain(now: 5)
    #expect(!state.isAtRest)
    let mayBegin = state.beginOperation(of: 0, now: 6)
    #expect(!mayBegin)
    _ = state.endOperation(of: 0, now: 7)
    #expect(state.isAtRest)
  }

  @Test func afterAnyStepsItIsTheAreaUnderTheLanesAtWork() {
    for seed in 0..<200 {
      var random = SplitMix64(seed: seed)
      let lanes = Int.random(in: 1...4, using: &random)
      var state = SchedulerState(
        concurrency: (0..<3).map { _ in Int.random(in: 1...4, using: &random) }, lanes: lanes, now: 0)
      var now: UInt64 = 0
      var areas: [UInt64] = [0, 0, 0]
      var working: [(lane: Int, stage: Int)] = []
      func offer(_ lane: Int) {
        if let stage = state.next(lane: lane, now: now) { working.append((lane, stage)) }
      }
      for _ in 0..<200 {
        let elapsed = UInt64.random(in: 0...5, using: &random)
        now += elapsed
        for (_, stage) in working { areas[stage] += elapsed }
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
          guard let place = working.indices.randomElement(using: &random) else { continue }
          let (lane, stage) = working.remove(at: place)
          state.end(stage, [.again, .starved, .blocked].randomElement(using: &random)!, now: now)
          offer(lane)
        case 1:
          // As a decision of the autotuner does, in the middle of everything.
          let stage = Int.random(in: 0..<3, using: &random)
          for number in state.setConcurrency(Int.random(in: 1...4, using: &random), of: stage, now: now) {
            if let lane = state.signal(number, now: now) { offer(lane) }
          }
        default:
          if let lane = state.signal(Int.random(in: 0..<3, using: &random), now: now) { offer(lane) }
        }
        #expect(state.times(now: now).map(\.atWork) == areas, "seed \(seed)")
      }
    }
  }
}
