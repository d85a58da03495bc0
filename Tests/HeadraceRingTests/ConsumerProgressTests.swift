import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// What a consumer tells of itself.
@Suite struct ConsumerProgressTests {
  @Test func batchesAreCountedAsTheyAreTaken() throws {
    let ring = try Ring.small(slots: 4)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    #expect(ring.consumerProgress == ConsumerProgress())
    for number in 0..<3 { try producer.publish(number) }
    #expect(ring.consumerProgress.takenCount == 0)
    let taken = try consumer.takeNumbers()
    #expect(taken == [0, 1, 2])
    #expect(ring.consumerProgress == ConsumerProgress(takenCount: 3, waitNanoseconds: 0))
  }

  @Test func aWaitCountsWhileItGoesOnAndOnceItHasEnded() throws {
    try Watchdog.guarding("a wait that is watched") {
      let ring = try Ring.small()
      let begun = MonotonicClock.now
      ring.beginWait(begun)
      var seen = ring.consumerProgress.waitNanoseconds
      while seen < 2_000_000 {
        let next = ring.consumerProgress.waitNanoseconds
        #expect(next >= seen)
        seen = next
      }
      ring.endWait(since: begun)
      let waited = ring.consumerProgress.waitNanoseconds
      #expect(waited >= seen && waited <= MonotonicClock.now - begun)
      #expect(ring.consumerProgress.waitNanoseconds == waited)
    }
  }

  @Test func aWaitThatRunsOutIsPartOfIt() throws {
    try Watchdog.guarding("a wait with a deadline") {
      let ring = try Ring.small()
      let consumer = RingConsumer(ring)
      #expect(consumer.wait(death: -1, until: MonotonicClock.now + 5_000_000) == .timedOut)
      #expect(ring.consumerProgress.waitNanoseconds >= 4_000_000)
    }
  }
}
