import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// Every wait of the consumer ends, and says why.
@Suite struct RingWaitTests {
  @Test func aPublishedMessageEndsTheWait() throws {
    try Watchdog.guarding("a wait for a message that is there") {
      let ring = try Ring.small()
      let consumer = RingConsumer(ring)
      try RingProducer(ring).publish(0)
      #expect(consumer.wait(death: -1, until: nil) == .ready)
      #expect(consumer.wait(death: -1, until: 0) == .ready)
    }
  }

  @Test func aMessageFromAnotherThreadEndsTheWait() throws {
    try Watchdog.guarding("a wait for a message from another thread") {
      let ring = try Ring.small()
      let producer = RingProducer(ring)
      var consumer = RingConsumer(ring)
      try Thread.start {
        // Only a consumer that is about to sleep sets its flag.
        while unsafe ring.waitingFlag(0).pointee.load(ordering: .acquiring) == 0 {
          yieldProcessor()
        }
        try? producer.publish(9)
      }
      #expect(consumer.wait(death: -1, until: nil) == .ready)
      let taken = try consumer.takeNumbers()
      #expect(taken == [9])
    }
  }

  @Test func theEndOfTheProducerEndsTheWait() throws {
    try Watchdog.guarding("a wait for a dead producer") {
      let ring = try Ring.small()
      let consumer = RingConsumer(ring)
      // The write end goes away at once: its reader sees what a pidfd's does when the process ends.
      let death = try readEndOfDeadPipe()
      #expect(consumer.wait(death: death.number, until: nil) == .producerEnded)
    }
  }

  @Test func whatADeadProducerHadPublishedComesFirst() throws {
    try Watchdog.guarding("a wait for what a dead producer left") {
      let ring = try Ring.small()
      var consumer = RingConsumer(ring)
      let death = try readEndOfDeadPipe()
      try RingProducer(ring).publish(1)
      #expect(consumer.wait(death: death.number, until: nil) == .ready)
      let taken = try consumer.takeNumbers()
      #expect(taken == [1])
      #expect(consumer.wait(death: death.number, until: nil) == .producerEnded)
    }
  }

  @Test func aProducerKilledBetweenEntryAndCursorHasPublished() throws {
    try Watchdog.guarding("a wait beside a cursor that lags") {
      let ring = try Ring.small()
      var consumer = RingConsumer(ring)
      let death = try readEndOfDeadPipe()
      try RingProducer(ring).publish(1)
      unsafe ring.atomic64(RingLayout.publishedOffset).pointee.store(0, ordering: .relaxed)
      #expect(consumer.wait(death: death.number, until: nil) == .ready)
      let taken = try consumer.takeNumbers()
      #expect(taken == [1])
      #expect(consumer.wait(death: death.number, until: nil) == .producerEnded)
    }
  }

  @Test func theDeadlineEndsTheWaitAndLosesNothing() throws {
    try Watchdog.guarding("a wait with a deadline") {
      let ring = try Ring.small()
      var consumer = RingConsumer(ring)
      let pipe = try Pipe()
      #expect(consumer.wait(death: pipe.readEnd.number, until: 0) == .timedOut)
      let soon = MonotonicClock.deadline(after: .milliseconds(1))
      #expect(consumer.wait(death: pipe.readEnd.number, until: soon) == .timedOut)
      try RingProducer(ring).publish(3)
      #expect(consumer.wait(death: pipe.readEnd.number, until: 0) == .ready)
      let taken = try consumer.takeNumbers()
      #expect(taken == [3])
    }
  }

  @Test func aPastSignalIsDrainedAndDoesNotEndALaterWait() throws {
    try Watchdog.guarding("a wait after a past signal") {
      let ring = try Ring.small()
      var consumer = RingConsumer(ring)
      ring.memory.dataSignals[0]?.signal()
      #expect(consumer.wait(death: -1, until: 0) == .timedOut)
      #expect(Poll.wait(ring.memory.dataSignals[0]!.number, until: 0).timedOut)
      try RingProducer(ring).publish(0)
      _ = try consumer.take()
      #expect(consumer.wait(death: -1, until: 0) == .timedOut)
    }
  }

  @Test func aConsumerThatDoesNotWaitCostsTheProducerNoSignal() throws {
    let ring = try Ring.small()
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    for number in 0..<100 {
      try producer.publish(number)
      #expect(Poll.wait(ring.memory.dataSignals[0]!.number, until: 0).timedOut)
      _ = try consumer.take()
    }
  }

  private func readEndOfDeadPipe() throws -> FileDescriptor {
    let pipe = try Pipe()
    return FileDescriptor(owning: try pipe.readEnd.duplicate())
  }
}
