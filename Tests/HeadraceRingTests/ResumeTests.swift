import Glibc
import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// A producer is killed in any state, and another goes on.
@Suite struct ResumeTests {
  @Test func fromEveryLayoutWhatWasPublishedComesAndWhatFollowsIt() throws {
    try withEveryRingLayout { layout in
      let ring = layout.ring
      let leased = ring.states.count { $0 == .leased }
      _ = try ring.resume()
      #expect(ring.states.count { $0 == .claimed } == 0, "\(layout)")
      #expect(ring.states.count { $0 == .leased } == leased, "\(layout)")
      #expect(try layout.consumer.takeNumbers() == layout.waiting, "\(layout)")
      try expectLeasesUntouched(layout)
      try expectThreeRounds(ring, &layout.consumer, "\(layout)")
    }
  }

  @Test func whereTheStreamStandsIsWhatWasPublished() throws {
    let ring = try Ring.small(slots: 3)
    #expect(try ring.resume() == nil)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    func position() throws -> StreamPosition {
      _ = try consumer.takeNumbers()
      return try #require(try ring.resume())
    }
    try producer.publish(0)
    try producer.publish(1)
    var found = try position()
    #expect((found.epoch, found.epochBatchCount, found.sequence) == (0, 2, 2))
    #expect(!found.isEnded && !found.hasFailed)
    producer.tryClaim()!.publishEndOfEpoch(0, sequence: 2)
    found = try position()
    #expect((found.epoch, found.epochBatchCount, found.sequence) == (0, 2, 2))
    #expect(found.isEnded && !found.hasFailed)
    try producer.publish(2, epoch: 1)
    found = try position()
    #expect((found.epoch, found.epochBatchCount) == (1, 1))
    producer.tryClaim()!.publishFailure(HeadraceError(.stageFailed, "no"), epoch: 1, sequence: 3)
    found = try position()
    #expect((found.epoch, found.epochBatchCount) == (1, 1))
    #expect(found.isEnded && found.hasFailed)
  }

  @Test func thePositionsOfTheEpochsSamplesComeBackAndNoOthers() throws {
    let ring = try Ring.small(slots: 2)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    for (number, epoch) in [(5, 0), (3, 0), (3, 0), (9, 1), (8, 1)] {
      try producer.publish(number, epoch: epoch)
      _ = try consumer.takeNumbers()
    }
    #expect(try ring.resume()?.positions == [9, 8])
  }

  @Test func failuresAreKnownAgainBeyondWhatTheLogKeeps() throws {
    let ring = try Ring.small()
    let log = EventLog(ring)
    func failure(_ epoch: Int, _ position: Int, _ stage: String) -> SampleFailure {
      SampleFailure(epoch: epoch, position: position, error: HeadraceError(.stageFailed, "no", stage: stage))
    }
    for epoch in 0..<3 {
      for position in 0..<400 { log.append(failure(epoch, position, position % 2 == 0 ? "a" : "b")) }
    }
    log.append(failure(2, 7, "b"))
    let told = log.told(from: 2)
    #expect(told.count == 400)
    #expect(told[FailureKey(failure(2, 7, "b"))] == 2 && told[FailureKey(failure(2, 8, "a"))] == 1)
    #expect(told[FailureKey(failure(2, 7, "a"))] == nil && told[FailureKey(failure(1, 7, "b"))] == nil)
    #expect(log.told(from: 3).isEmpty)
  }

  /// A child publishes one batch, instruction by instruction; after each that has changed the ring's memory, a copy of
  /// it is what a kill would have left.
  @Test(arguments: [2, 3], 0...3) func killedAtAnyInstructionOfAPublicationNothingIsTornOrLost(
    slots: Int, earlier: Int
  ) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let ring = try Ring.small(slots: slots)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    for number in 0..<earlier {
      try producer.publish(number)
      // The last of them waits.
      if number < earlier - 1 { _ = try consumer.takeNumbers() }
    }
    // Whatever the runtime makes at a first use it has made, and the child needs no lock of another thread for it.
    try RingProducer(Ring.small()).publish(0)
    let copy = try Ring(ring.geometry)
    var states = 0, steps = 0
    try SingleSteps.run({ try producer.publish(earlier) }) {
      steps += 1
      guard !ring.hasSameMessages(as: copy) else { return }
      states += 1
      copy.copyMessages(of: ring)
      try expectWhole(ring, earlier: earlier)
    }
    #expect(states > 12, "\(states) states in \(steps) instructions")
    // All of it is out at the end.
    #expect(try consumer.takeNumbers() == Array(max(0, earlier - 1)...earlier))
  }

  /// What is found in a copy of the ring, as its producer has left it.
  private func expectWhole(_ original: Ring, earlier: Int) throws {
    let ring = try Ring(original.geometry)
    ring.copyMessages(of: original)
    var consumer = RingConsumer(ring, after: UInt64(max(0, earlier - 1)))
    let position = try ring.resume()
    let taken = try consumer.takeNumbers()
    let waiting = earlier > 0 ? [earlier - 1] : []
    // The batch is out as a whole, or not at all.
    #expect(taken == waiting || taken == waiting + [earlier])
    #expect(position?.epochBatchCount ?? 0 == earlier + taken.count - waiting.count)
    #expect(ring.states.allSatisfy { $0 == .free }, "\(ring.states)")
    try expectThreeRounds(ring, &consumer, "\(taken)")
  }

  private func expectThreeRounds(_ ring: Ring, _ consumer: inout RingConsumer, _ comment: String) throws {
    let producer = RingProducer(ring)
    let free = ring.states.count { $0 == .free }
    for round in 0..<3 {
      for slot in 0..<free { try producer.publish(1_000 + round * free + slot) }
      #expect(producer.claimIfFree() == nil)
      #expect(try consumer.takeNumbers() == Array(1_000 + round * free..<1_000 + (round + 1) * free), "\(comment)")
    }
  }
}
