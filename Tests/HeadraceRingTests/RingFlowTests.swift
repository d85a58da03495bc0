import HeadraceCore
import HeadraceSystem
import Testing

@testable import HeadraceRing

/// What flows through a ring, and what nothing can stop from flowing.
@Suite struct RingFlowTests {
  @Test(arguments: 2...4) func oneHeldSlotStopsNoOther(slots: Int) throws {
    let ring = try Ring.small(slots: slots)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    try producer.publish(0)
    let held = try consumer.take()
    for number in 1...10_000 {
      try producer.publish(number)
      let taken = try consumer.takeNumbers()
      #expect(taken == [number])
    }
    #expect(try held.number == 0)
    #expect(ring.leasedSlotCount() == 1)
  }

  @Test func everySlotTakesItsTurn() throws {
    let ring = try Ring.small(slots: 4)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    var slots: [Int] = []
    for number in 0..<8 {
      let claim = try producer.claim()
      slots.append(claim.slot)
      try claim.publish(number)
      _ = try consumer.take()
    }
    #expect(slots == [0, 1, 2, 3, 0, 1, 2, 3])
  }

  @Test func cursorsCountMessagesAndReturns() throws {
    let ring = try Ring.small()
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    try producer.publish(0)
    try producer.publish(1)
    #expect(ring.publishedCount == 2 && ring.releasedCount == 0)
    let held = try consumer.take()
    _ = try consumer.take()
    #expect(ring.publishedCount == 2 && ring.releasedCount == 1)
    withExtendedLifetime(held) {}
  }

  @Test func messagesArriveAsTheyWereSaid() throws {
    let ring = try Ring.small(slots: 4)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    let error = HeadraceError(
      .malformedImage, "The image ends early.", stage: "decode",
      sample: SampleID(key: "a/b.png", path: "train.tar", offset: 512), cause: "truncated")
    try producer.publish(7, epoch: 3)
    try producer.claim().take().publishEndOfEpoch(3, sequence: 8)
    try producer.claim().take().publishFailure(error, epoch: 4, sequence: 8)

    let batch = try consumer.take()
    #expect(batch.batch.epoch == 3 && batch.batch.sequence == 7)
    guard case .endOfEpoch(3) = try consumer.receive() else { throw error }
    guard case .failure(let received, epoch: 4) = try consumer.receive() else { throw error }
    #expect(received == error)
    guard case .nothing = try consumer.receive() else { throw error }
    // Messages without a batch give their slot back at once.
    #expect(ring.leasedSlotCount() == 1)
  }

  @Test func anErrorLongerThanASlotArrivesCut() throws {
    let ring = try Ring.small()
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    let message = String(repeating: "long ", count: 4000)
    try producer.claim().take().publishFailure(HeadraceError(.stageFailed, message, stage: "s"), epoch: 0, sequence: 0)
    guard case .failure(let error, _) = try consumer.receive() else { throw HeadraceError(.notFound, "no failure") }
    #expect(message.hasPrefix(error.message) && error.message.utf8.count > 3500 && error.stage == "s")
  }

  @Test func anAbandonedClaimWakesAProducerThatFoundNoSlot() throws {
    let ring = try Ring.small()
    let producer = RingProducer(ring)
    var claims = [try producer.claim(), try producer.claim()]
    #expect(producer.claimIfFree() == nil)
    #expect(!producer.controlIsSignalled)
    claims.removeLast()
    #expect(producer.controlIsSignalled)
    #expect(producer.claimIfFree() != nil)
    withExtendedLifetime(claims) {}
  }

  @Test func leasesOutliveConsumerAndProducer() throws {
    var held: [HeldBatch] = []
    weak var weakRing: Ring?
    do {
      let ring = try Ring.small(slots: 3)
      weakRing = ring
      let producer = RingProducer(ring)
      var consumer = RingConsumer(ring)
      for number in 0..<3 {
        try producer.publish(number)
        held.append(try consumer.take())
      }
      #expect(producer.claimIfFree() == nil)
    }
    #expect(weakRing != nil)
    for (number, lease) in held.enumerated() { #expect(try lease.number == number) }
    // Each drop signals a producer that is no longer there.
    held.remove(at: 1)
    #expect(weakRing?.leasedSlotCount() == 2)
    held = []
    #expect(weakRing == nil)
  }

  @Test func aReleaseSignalsOnlyAProducerThatWaits() throws {
    let ring = try Ring.small()
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    for number in 0..<100 {
      try producer.publish(number)
      _ = try consumer.take()
      #expect(!producer.controlIsSignalled)
    }
  }

  @Test func requestsReachTheProducerAndStand() throws {
    let ring = try Ring.small()
    let producer = RingProducer(ring)
    let consumer = RingConsumer(ring)
    #expect(producer.requestedEpoch == 0 && !producer.isStopRequested && !producer.controlIsSignalled)
    consumer.request(epoch: 5)
    #expect(producer.controlIsSignalled)
    producer.drainControl()
    #expect(!producer.controlIsSignalled)
    #expect(producer.requestedEpoch == 5 && !producer.isStopRequested)
    consumer.requestStop()
    #expect(producer.controlIsSignalled && producer.isStopRequested)
    producer.drainControl()
    #expect(producer.requestedEpoch == 5 && producer.isStopRequested)
  }

  @Test func workerPhaseAndUsageReadBack() throws {
    let ring = try Ring.small()
    #expect(ring.workerPhase == .starting)
    for phase in (0..<5).compactMap(WorkerPhase.init) {
      ring.workerPhase = phase
      #expect(ring.workerPhase == phase)
    }
    ring.workerUsage = (1, 2, 3)
    #expect(ring.workerUsage == (1, 2, 3))
  }
}
