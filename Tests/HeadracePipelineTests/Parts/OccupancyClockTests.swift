import Testing

@testable import HeadracePipeline

@Suite struct OccupancyClockTests {
  @Test func theTimeCountsInWhichAQueueHasSomething() {
    let clock = OccupancyClock()
    #expect(clock.nanoseconds(until: 5) == 0)
    clock.begin(now: 10)
    #expect(clock.nanoseconds(until: 15) == 5)
    clock.end(now: 20)
    #expect(clock.nanoseconds(until: 90) == 10)
    clock.begin(now: 100)
    clock.end(now: 107)
    #expect(clock.nanoseconds(until: 200) == 17)
  }

  @Test func theTimeInWhichSeveralHaveSomethingCountsOnce() {
    let clock = OccupancyClock()
    clock.begin(now: 10)
    clock.begin(now: 20)
    clock.end(now: 40)
    #expect(clock.nanoseconds(until: 50) == 40)
    clock.end(now: 60)
    #expect(clock.nanoseconds(until: 90) == 50)
  }

  @Test func whoComesWithAnEarlierTimeTakesNothingBack() {
    let clock = OccupancyClock()
    clock.begin(now: 100)
    #expect(clock.nanoseconds(until: 90) == 0)
    #expect(clock.nanoseconds(until: 120) == 20)
    clock.end(now: 115)
    #expect(clock.nanoseconds(until: 110) == 20)
    clock.begin(now: 118)
    #expect(clock.nanoseconds(until: 125) == 25)
  }
}
