import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadraceRing

/// Both ends of a ring in one process, as fast as they can: what ThreadSanitizer watches. Whoever loses a wake-up hangs
/// here, since nobody waits with a deadline, and the watchdog names the test.
@Suite(.serialized) struct RingStressTests {
  /// `HEADRACE_MESSAGES` says how many, for a longer search.
  private static let messageCount = EnvironmentVariable.number("HEADRACE_MESSAGES", or: 20_000)

  @Test(arguments: [2, 3, 8, 17]) func everyBatchArrivesWholeAndInOrderWhateverIsHeld(slots: Int) throws {
    try Watchdog.guarding("the stress of a ring of \(slots) slots") {
      let ring = try Ring.small(slots: slots, rows: 64, payload: 4096)
      try startProducer(ring, messages: Self.messageCount)
      let droppers = [try Dropper(), try Dropper()]
      var consumer = RingConsumer(ring)
      var random = SplitMix64(seed: slots)
      var held: [HeldBatch] = []
      var expected = 0
      while true {
        switch try consumer.receive() {
        case .nothing:
          // All but one may be held for good while the producer goes on with that one.
          while held.count >= slots { drop(&held, droppers, &random) }
          _ = consumer.wait(death: -1, until: nil)
        case .batch(let batch):
          guard isWhole(batch.batch), batch.batch.sequence == expected else {
            Issue.record("batch \(expected) is not whole, or came as \(batch.batch.sequence)")
            return
          }
          expected += 1
          held.append(batch)
          let limit = Int.random(in: 0...slots, using: &random)
          while held.count > limit { drop(&held, droppers, &random) }
        case .endOfEpoch(let epoch):
          #expect(epoch == 1 && expected == Self.messageCount)
          #expect(held.allSatisfy { isWhole($0.batch) })
          held = []
          for dropper in droppers { dropper.finish() }
          #expect(ring.leasedSlotCount() == 0 && ring.releasedCount == UInt64(Self.messageCount) + 1)
          #expect(ring.publishedCount == UInt64(Self.messageCount) + 1)
          return
        case .failure(let error, _): throw error
        }
      }
    }
  }

  /// Several readers take and give back, and one more comes and goes all the time.
  @Test(arguments: Sharing.allCases) func readersThatComeAndGoTearNothingAndGetNothingTwice(sharing: Sharing) throws {
    try Watchdog.guarding("the stress of several readers, \(sharing)") {
      let ring = try Ring.small(slots: 4, rows: 64, payload: 4096, readers: 4, sharing: sharing)
      for place in 1...2 { _ = ring.join(place: place, processID: 1) }
      try startProducer(ring, messages: Self.messageCount)
      let readers = try (0..<3).map { try StressReader(ring, place: $0) }
      let guests = try Guests(ring, place: 3)
      for reader in readers { reader.finish() }
      let guestCount = guests.finish()
      // What a guest has left last may have come to one that has had its end.
      for reader in readers { reader.stop() }
      let counts = readers.map { $0.count.load(ordering: .acquiring) }
      #expect(!readers.contains { $0.isTorn.load(ordering: .acquiring) } && !guests.isTorn.load(ordering: .acquiring))
      if sharing == .broadcast {
        #expect(counts == Array(repeating: Self.messageCount, count: 3))
      } else {
        // The one that goes gives nothing up but what it has taken.
        #expect(counts.reduce(guestCount, +) == Self.messageCount, "\(counts) and \(guestCount)")
      }
      // The end may have been handed over to one that has had it.
      #expect(ring.leasedSlotCount() == 0 && ring.pendingBatchCount == 0, "\(ring.states)")
    }
  }

  /// A producer that sleeps wakes up long after the consumer has gone to sleep; one that spins publishes just while the
  /// consumer is about to.
  @Test(arguments: [false, true]) func noWakeUpIsLostWithOneSlotToSpare(spinning: Bool) throws {
    try Watchdog.guarding("the passing of one slot to and fro") {
      let ring = try Ring.small(slots: 2, rows: 64, payload: 4096)
      try startProducer(ring, messages: Self.messageCount, spinning: spinning)
      var consumer = RingConsumer(ring)
      var kept: HeldBatch?
      var count = 0
      while true {
        // Without a look first: the consumer sleeps whenever the producer has not been faster.
        _ = consumer.wait(death: -1, until: nil)
        guard case .batch(let batch) = try consumer.receive() else { break }
        // One slot is held at any time, so the producer sleeps until this one comes back.
        if let kept { #expect(kept.batch.sequence == count - 1) }
        kept = batch
        count += 1
      }
      #expect(count == Self.messageCount)
      withExtendedLifetime(kept) {}
    }
  }

  @Test func noRequestIsLost() throws {
    try Watchdog.guarding("requests to a producer that waits") {
      let ring = try Ring.small()
      let producer = RingProducer(ring)
      let consumer = RingConsumer(ring)
      let echo = Echo()
      try Thread.start {
        while true {
          producer.drainControl()
          echo.seen.store(producer.requestedEpoch ?? 0, ordering: .releasing)
          if producer.isStopRequested { break }
          _ = Poll.wait(producer.controlDescriptor)
        }
        echo.ended.store(true, ordering: .releasing)
      }
      for epoch in 1...20_000 {
        consumer.request(epoch: epoch)
        while echo.seen.load(ordering: .acquiring) != epoch { yieldProcessor() }
      }
      consumer.requestStop()
      while !echo.ended.load(ordering: .acquiring) { yieldProcessor() }
    }
  }

  @Test func abandonedClaimsWakeAProducerThatWaits() throws {
    try Watchdog.guarding("claims that are abandoned on other threads") {
      let ring = try Ring.small(slots: 3)
      let producer = RingProducer(ring)
      let droppers = [try Dropper(), try Dropper()]
      for round in 0..<Self.messageCount {
        let claim = nextClaim(producer)
        claim.fill(with: UInt8(truncatingIfNeeded: round))
        droppers[round % 2].drop(claim)
      }
      for dropper in droppers { dropper.finish() }
      #expect(ring.states == [.free, .free, .free] && ring.publishedCount == 0)
    }
  }

  private final class Echo: Sendable {
    let seen = Atomic<Int>(0)
    let ended = Atomic<Bool>(false)
  }

  private func drop(_ held: inout [HeldBatch], _ droppers: [Dropper], _ random: inout SplitMix64) {
    let batch = held.remove(at: Int.random(in: 0..<held.count, using: &random))
    switch Int.random(in: 0..<3, using: &random) {
    case 0: break
    case let choice: droppers[choice - 1].drop(batch)
    }
  }
}

/// A thread that takes all that comes to a place, until the end of epoch 1.
private final class StressReader: Sendable {
  let count = Atomic<Int>(0)
  let isTorn = Atomic<Bool>(false)
  private let ended = Atomic<Bool>(false)
  private let isStopping = Atomic<Bool>(false)
  private let isGone = Atomic<Bool>(false)

  init(_ ring: Ring, place: Int) throws {
    try Thread.start { [self] in
      var consumer = RingConsumer(ring, reader: place)
      var last = -1
      while true {
        guard let received = try? consumer.receive() else { return fail() }
        switch received {
        case .nothing:
          if isStopping.load(ordering: .acquiring) { return isGone.store(true, ordering: .releasing) }
          _ = consumer.wait(death: -1, until: MonotonicClock.now + 1_000_000)
        case .batch(let batch):
          guard isWhole(batch.batch) else { return fail() }
          // Twice would be one that is not later; what a guest has handed back may be earlier.
          if ring.geometry.sharing == .broadcast, batch.batch.sequence <= last { return fail() }
          last = batch.batch.sequence
          count.wrappingAdd(1, ordering: .acquiringAndReleasing)
        case .endOfEpoch: ended.store(true, ordering: .releasing)
        case .failure: return fail()
        }
      }
    }
  }

  private func fail() {
    isTorn.store(true, ordering: .releasing)
    ended.store(true, ordering: .releasing)
    isGone.store(true, ordering: .releasing)
  }

  /// Waits until it has had the end.
  func finish() {
    while !ended.load(ordering: .acquiring) { yieldProcessor() }
  }

  /// Waits until it has taken what there is, and ends it.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    while !isGone.load(ordering: .acquiring) { yieldProcessor() }
  }
}

/// A thread that joins, takes some batches, and leaves, again and again: the supervisor and its guests in one.
private final class Guests: Sendable {
  let isTorn = Atomic<Bool>(false)
  private let count = Atomic<Int>(0)
  private let isFinishing = Atomic<Bool>(false)
  private let ended = Atomic<Bool>(false)

  init(_ ring: Ring, place: Int) throws {
    try Thread.start { [self] in
      var random = SplitMix64(seed: 5)
      while !isFinishing.load(ordering: .acquiring) {
        let position = ring.join(place: place, processID: 1)
        var consumer = RingConsumer(ring, reader: place, after: position)
        for _ in 0..<Int.random(in: 0...20, using: &random) {
          guard case .batch(let batch)? = try? consumer.receive() else {
            yieldProcessor()
            continue
          }
          if !isWhole(batch.batch) { isTorn.store(true, ordering: .releasing) }
          count.wrappingAdd(1, ordering: .relaxed)
        }
        ring.end(place: place)
      }
      ended.store(true, ordering: .releasing)
    }
  }

  func finish() -> Int {
    isFinishing.store(true, ordering: .releasing)
    while !ended.load(ordering: .acquiring) { yieldProcessor() }
    return count.load(ordering: .relaxed)
  }
}

/// Publishes batches of 1 to 64 rows whose words all follow from their number, then the end of epoch 1.
private func startProducer(_ ring: Ring, messages: Int, spinning: Bool = false) throws {
  try Thread.start {
    let producer = RingProducer(ring)
    var random = SplitMix64(seed: 99)
    for number in 0..<messages {
      let rows = Int.random(in: 1...64, using: &random)
      let claim = nextClaim(producer, spinning: spinning).take()
      // So that it publishes at every moment of the consumer's falling asleep.
      if spinning { for _ in 0..<Int.random(in: 0...300, using: &random) { _ = ring.publishedCount } }
      let words = unsafe claim.payload.assumingMemoryBound(to: UInt64.self)
      for row in 0..<rows { unsafe words[row] = word(number, row) }
      let tensors = [BatchTensor(name: "words", dtype: .uint64, shape: [rows], byteOffset: 0)]
      do throws(HeadraceError) {
        try claim.publish(tensors: tensors, positions: [UInt64(number)], epoch: 1, sequence: number)
      } catch {
        fatalError("\(error)")
      }
    }
    nextClaim(producer).take().publishEndOfEpoch(1, sequence: messages)
  }
}

/// Waits as a worker does: forget signals, look, sleep. A spinning one only looks.
private func nextClaim(_ producer: RingProducer, spinning: Bool = false) -> HeldClaim {
  while true {
    if !spinning { producer.drainControl() }
    if let claim = producer.claimIfFree() { return claim }
    if !spinning { _ = Poll.wait(producer.controlDescriptor) }
  }
}

private func word(_ number: Int, _ row: Int) -> UInt64 {
  UInt64(truncatingIfNeeded: (number &+ 1) &* 0x9E37_79B9 &+ row &* 0x85EB_CA6B)
}

private func isWhole(_ batch: borrowing Batch) -> Bool {
  guard let span = try? batch.tensor("words", as: UInt64.self), span.count == batch.rowCount else { return false }
  for row in 0..<span.count where span[row] != word(batch.sequence, row) { return false }
  return (try? batch.position(ofRow: 0)) == batch.sequence
}

/// A thread that lets go of what it is given. It is handed over through one atomic word, because ThreadSanitizer does
/// not see what the standard library's Mutex orders.
@safe
private final class Dropper: Sendable {
  private let cell = Atomic<UInt>(0)
  private let isFinishing = Atomic<Bool>(false)
  private let ended = Atomic<Bool>(false)
  private let wakeUp: EventSignal

  init() throws {
    wakeUp = try EventSignal()
    try Thread.start { [self] in
      while true {
        wakeUp.drain()
        let isLast = isFinishing.load(ordering: .acquiring)
        if let thing = unsafe UnsafeRawPointer(bitPattern: cell.exchange(0, ordering: .acquiringAndReleasing)) {
          unsafe Unmanaged<AnyObject>.fromOpaque(thing).release()
        } else if isLast {
          break
        } else {
          _ = Poll.wait(wakeUp.descriptor.number)
        }
      }
      ended.store(true, ordering: .releasing)
    }
  }

  /// Waits for the thing before to be taken.
  func drop(_ thing: AnyObject & Sendable) {
    let word = unsafe UInt(bitPattern: Unmanaged<AnyObject>.passRetained(thing).toOpaque())
    while !cell.compareExchange(expected: 0, desired: word, ordering: .acquiringAndReleasing).exchanged {
      yieldProcessor()
    }
    wakeUp.signal()
  }

  /// Returns when everything is dropped.
  func finish() {
    isFinishing.store(true, ordering: .releasing)
    wakeUp.signal()
    while !ended.load(ordering: .acquiring) { yieldProcessor() }
  }
}
