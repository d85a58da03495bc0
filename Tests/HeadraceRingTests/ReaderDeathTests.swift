import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// A party is killed after any instruction of what it does, with two readers: each state of the memory on the way is
/// what a kill there leaves.
@Suite struct ReaderDeathTests {
  /// Reader 0 takes a batch and gives it back.
  @Test(arguments: Sharing.allCases) func aReaderKilledWhileItTakesOrGivesBackLosesWhatItHeldAndNoMore(
    sharing: Sharing
  ) throws {
    let ring = try start(sharing, publishing: 3)
    let states = try step(ring) { ring in
      var consumer = RingConsumer(ring, reader: 0)
      _ = try consumer.take()
    } look: { copy in
      copy.end(place: 0)
      var other = RingConsumer(copy, reader: 1)
      let numbers = try other.takeNumbers()
      #expect(numbers == [0, 1, 2] || sharing != .broadcast && numbers == [1, 2], "\(numbers)")
      try expectThreeRounds(copy, &other)
    }
    #expect(states > 3)
  }

  /// The producer publishes, and another goes on.
  @Test(arguments: Sharing.allCases) func aProducerKilledWhileItPublishesForTwoHasPublishedForAllOrNobody(
    sharing: Sharing
  ) throws {
    let ring = try start(sharing, publishing: 1)
    let states = try step(ring) { ring in
      try RingProducer(ring).publish(1)
    } look: { copy in
      _ = try copy.resume()
      var consumer = RingConsumer(copy, reader: 0), other = RingConsumer(copy, reader: 1)
      let first = try consumer.takeNumbers(), second = try other.takeNumbers()
      switch sharing {
      case .broadcast: #expect(first == second && (first == [0] || first == [0, 1]))
      case .partition: #expect(first == [0] && (second == [] || second == [1]))
      case .firstCome: #expect((first == [0] || first == [0, 1]) && second == [])
      }
      #expect(copy.states.allSatisfy { $0 == .free }, "\(copy.states)")
      copy.end(place: 0)
      try expectThreeRounds(copy, &other)
    }
    #expect(states > 12)
  }

  /// Reader 0 has died with one batch held and others to come. Whoever cleans up is killed, or is as slow as can be:
  /// the other reader goes on in each state, and the work can be begun anew.
  @Test(arguments: Sharing.allCases) func whileSomebodyCleansUpTheOtherReaderLosesAndGetsNothingTwice(
    sharing: Sharing
  ) throws {
    let ring = try start(sharing, publishing: 3)
    var dying = RingConsumer(ring, reader: 0)
    let held = try dying.take()
    defer { withExtendedLifetime(held) {} }
    let states = try step(ring) { ring in
      ring.end(place: 0)
    } look: { copy in
      var other = RingConsumer(copy, reader: 1)
      var numbers = try other.takeNumbers()
      copy.end(place: 0)
      numbers += try other.takeNumbers()
      #expect(numbers.sorted() == (sharing == .broadcast ? [0, 1, 2] : [1, 2]), "\(numbers)")
      try expectThreeRounds(copy, &other)
    }
    #expect(states > 3)
  }

  /// A third reader joins where two are, or where nobody is left.
  @Test(arguments: Sharing.allCases, [false, true]) func whileSomebodyJoinsNothingIsLost(
    sharing: Sharing, alone: Bool
  ) throws {
    let ring = try start(sharing, publishing: 3)
    if alone {
      ring.end(place: 1)
      ring.end(place: 0)
    }
    let states = try step(ring) { ring in
      _ = ring.join(place: 2, processID: 3)
    } look: { copy in
      // The join is done again, as far as it has not come.
      let position = copy.join(place: 2, processID: 3)
      var third = RingConsumer(copy, reader: 2, after: position)
      if alone {
        let numbers = try third.takeNumbers()
        #expect(numbers == [0, 1, 2], "\(numbers)")
      } else {
        for place in 0..<2 {
          var consumer = RingConsumer(copy, reader: place)
          _ = try consumer.takeNumbers()
          copy.end(place: place)
        }
      }
      try expectThreeRounds(copy, &third)
    }
    #expect(states > 2)
  }

  // MARK: Parts

  private func start(_ sharing: Sharing, publishing count: Int) throws -> Ring {
    let ring = try Ring.small(slots: 3, rows: 1, payload: 64, readers: 3, sharing: sharing)
    _ = ring.join(place: 1, processID: 2)
    let producer = RingProducer(ring)
    for number in 0..<count { try producer.publish(number) }
    return ring
  }

  /// Runs `body` in a child, instruction by instruction; after each that has changed the ring's memory, `look` gets a
  /// copy of it.
  ///
  /// - Returns: how many states there were.
  private func step(
    _ ring: Ring, _ body: (Ring) throws -> Void, look: (Ring) throws -> Void
  ) throws -> Int {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    // Whatever the runtime makes at a first use it has made, and the child needs no lock of another thread for it.
    let rehearsal = try Ring(ring.geometry)
    rehearsal.copyMessages(of: ring)
    try body(rehearsal)
    let seen = try Ring(ring.geometry)
    let copy = try Ring(ring.geometry)
    var states = 0
    try SingleSteps.run({ try body(ring) }) {
      guard !ring.hasSameMessages(as: seen) else { return }
      states += 1
      seen.copyMessages(of: ring)
      copy.copyMessages(of: ring)
      try look(copy)
    }
    return states
  }

  private func expectThreeRounds(_ ring: Ring, _ consumer: inout RingConsumer) throws {
    let producer = RingProducer(ring)
    let count = ring.geometry.slotCount
    for round in 0..<3 {
      for slot in 0..<count { try producer.publish(1_000 + round * count + slot) }
      #expect(producer.claimIfFree() == nil)
      #expect(try consumer.takeNumbers() == Array(1_000 + round * count..<1_000 + (round + 1) * count))
    }
    #expect(ring.states.allSatisfy { $0 == .free })
  }
}
