import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// All that two readers can do with a small ring, step by step, beside a model that is plain.
@Suite struct ReaderLayoutTests {
  /// A message, by its number: who is to have it, and who has it.
  private struct Message: Hashable {
    var number: Int
    var wanted: Set<Int>
    var held: Set<Int> = []
  }

  private enum Step: Hashable {
    case publish
    case take(Int)
    case release(Int, number: Int)
    case leave(Int)
    case end(Int)
    case join(Int)
    case resume
  }

  /// What the ring is to be.
  private struct Model {
    let sharing: Sharing
    let slots: Int
    var messages: [Message] = []
    /// Readers that have a place.
    var there: Set<Int> = [0]
    var active: Set<Int> = [0]
    var nextNumber = 0

    var steps: [Step] {
      var steps: [Step] = [.resume]
      if messages.count < slots, !active.isEmpty { steps.append(.publish) }
      for reader in 0..<2 {
        steps.append(there.contains(reader) ? .end(reader) : .join(reader))
        if there.contains(reader) { steps.append(.take(reader)) }
        if active.contains(reader) { steps.append(.leave(reader)) }
        for message in messages where message.held.contains(reader) {
          steps.append(.release(reader, number: message.number))
        }
      }
      return steps
    }

    /// Returns the number that a take is to give; nil for none.
    mutating func apply(_ step: Step) -> Int? {
      var taken: Int?
      switch step {
      case .publish:
        let turn = active.sorted()[nextNumber % active.count]
        messages.append(Message(number: nextNumber, wanted: sharing == .partition ? [turn] : active))
        nextNumber += 1
      case .take(let reader):
        guard let place = messages.firstIndex(where: { $0.wanted.contains(reader) }) else { return nil }
        taken = messages[place].number
        messages[place].held.insert(reader)
        if sharing == .firstCome { messages[place].wanted = [] } else { messages[place].wanted.remove(reader) }
      case .release(let reader, let number):
        change { if $0.number == number { $0.held.remove(reader) } }
      case .leave(let reader): leave(reader)
      case .end(let reader):
        leave(reader)
        there.remove(reader)
        change { $0.held.remove(reader) }
      case .join(let reader):
        there.insert(reader)
        active.insert(reader)
        let active = active
        change { message in
          guard !message.wanted.isSubset(of: active) else { return }
          message.wanted.formIntersection(active)
          if message.wanted.isEmpty { message.wanted = [reader] }
        }
      case .resume: break
      }
      return taken
    }

    private mutating func leave(_ reader: Int) {
      guard active.remove(reader) != nil, let heir = active.first else { return }
      let sharing = sharing
      change { message in
        guard message.wanted.remove(reader) != nil, message.wanted.isEmpty, sharing != .broadcast else { return }
        message.wanted = [heir]
      }
    }

    private mutating func change(_ body: (inout Message) -> Void) {
      for place in messages.indices { body(&messages[place]) }
      messages.removeAll { $0.wanted.isEmpty && $0.held.isEmpty }
    }
  }

  @Test(arguments: Sharing.allCases, [2, 3]) func fromEveryStateEachStepLeadsToThatOfTheModel(
    sharing: Sharing, slots: Int
  ) throws {
    try Watchdog.guarding("all steps of two readers with \(slots) slots, \(sharing)") {
      let ring = try Ring.small(slots: slots, rows: 1, payload: 64, readers: 2, sharing: sharing)
      var count = 0
      try explore(ring, Model(sharing: sharing, slots: slots), depth: slots == 2 ? 7 : 6, &count)
      #expect(count > 10_000)
    }
  }

  private func explore(_ ring: Ring, _ model: Model, depth: Int, _ count: inout Int) throws {
    guard depth > 0 else { return }
    let snapshot = RingSnapshot(ring)
    for step in model.steps {
      var next = model
      let expected = next.apply(step)
      let got = try perform(step, ring, model)
      count += 1
      guard got == expected, try agrees(ring, next) else {
        Issue.record("\(step) gave \(String(describing: got)) from \(model)")
        return
      }
      try explore(ring, next, depth: depth - 1, &count)
      snapshot.restore(ring)
    }
  }

  private func perform(_ step: Step, _ ring: Ring, _ model: Model) throws -> Int? {
    switch step {
    case .publish: try RingProducer(ring).publish(model.nextNumber)
    case .take(let reader):
      var consumer = RingConsumer(ring, reader: reader)
      return try takeForGood(&consumer)
    case .release(let reader, let number): ring.release(try #require(slot(of: number, ring)), by: reader)
    case .leave(let reader): ring.leave(place: reader)
    case .end(let reader): ring.end(place: reader)
    case .join(let reader): _ = ring.join(place: reader, processID: 1)
    case .resume: _ = try ring.resume()
    }
    return nil
  }

  /// The batch is given back by a step of its own.
  private func takeForGood(_ consumer: inout RingConsumer) throws -> Int? {
    let ring = consumer.ring
    var held = try consumer.receive()
    guard case .batch(let batch) = held else { return nil }
    let number = try batch.number
    let snapshot = RingSnapshot(ring)
    drop(&held, consume batch)
    snapshot.restore(ring)
    return number
  }

  private func drop(_ held: inout Received, _ batch: consuming HeldBatch) { held = .nothing }

  private func slot(of number: Int, _ ring: Ring) -> Int? {
    (0..<ring.geometry.slotCount).first { slot in
      ring.states[slot] != .free
        && ring.load(ring.payloadRange(slot).lowerBound, as: UInt64.self) == UInt64(number)
    }
  }

  /// Whether each message that somebody wants or holds is in a slot, as it was written, and all other slots are free.
  private func agrees(_ ring: Ring, _ model: Model) throws -> Bool {
    guard ring.states.count(where: { $0 != .free }) == model.messages.count else { return false }
    return model.messages.allSatisfy { message in
      guard let slot = slot(of: message.number, ring) else { return false }
      let stamp = SlotStamp(rawValue: unsafe ring.stamp(slot).pointee.load(ordering: .relaxed))
      return Set(stamp.wanted.places) == message.wanted && Set(stamp.held.places) == message.held
    }
  }

  // MARK: What the model has not

  @Test(arguments: Sharing.allCases) func endsOfEpochsComeToAllAndTurnsBeginAnewWithEach(sharing: Sharing) throws {
    let ring = try Ring.small(slots: 8, readers: 3, sharing: sharing)
    for place in 1...2 { _ = ring.join(place: place, processID: 1) }
    let producer = RingProducer(ring)
    for number in 0..<4 { try producer.publish(number, epoch: 0) }
    producer.tryClaim()!.publishEndOfEpoch(0, sequence: 4)
    try producer.publish(4, epoch: 1)
    var got: [[Int]] = []
    for place in 0..<3 {
      var consumer = RingConsumer(ring, reader: place)
      var numbers: [Int] = []
      receiving: while true {
        switch try consumer.receive() {
        case .batch(let batch): numbers.append(try batch.number)
        case .endOfEpoch: numbers.append(-1)
        case .failure, .nothing: break receiving
        }
      }
      got.append(numbers)
    }
    switch sharing {
    case .broadcast: #expect(got == Array(repeating: [0, 1, 2, 3, -1, 4], count: 3))
    case .partition: #expect(got == [[0, 3, -1, 4], [1, -1], [2, -1]])
    case .firstCome: #expect(got == [[0, 1, 2, 3, -1, 4], [-1], [-1]])
    }
    #expect(ring.states.allSatisfy { $0 == .free })
  }

  @Test func oneThatIsFarBehindFindsItsBatchesThoughTheOrderRingHasGoneRound() throws {
    let ring = try Ring.small(slots: 4, readers: 2, sharing: .partition)
    _ = ring.join(place: 1, processID: 1)
    let producer = RingProducer(ring)
    var slow = RingConsumer(ring, reader: 0), quick = RingConsumer(ring, reader: 1)
    // Turns count batches: those with even numbers are for the slow one, until it has three slots.
    var number = 0
    func publish() throws {
      try producer.publish(number)
      number += 1
    }
    for _ in 0..<6 {
      try publish()
      _ = try quick.takeNumbers()
    }
    // A thousand more for the quick one: the slow one is taken out meanwhile, and what it has not taken stays where it
    // is.
    #expect(slow.isReady && ring.states.count { $0 == .published } == 3)
    unsafe ring.atomic32(RingLayout.activeReadersOffset).pointee.store(2, ordering: .relaxed)
    for _ in 0..<1_000 {
      try publish()
      #expect(try quick.takeNumbers().count == 1)
    }
    #expect(try slow.takeNumbers() == [0, 2, 4])
    unsafe ring.atomic32(RingLayout.activeReadersOffset).pointee.store(3, ordering: .relaxed)
    for _ in 0..<4 { try publish() }
    let rest = try slow.takeNumbers() + quick.takeNumbers()
    #expect(rest.sorted() == Array(1_006..<1_010) && ring.states.allSatisfy { $0 == .free })
  }

  @Test func nothingIsPublishedWhileNobodyIsThereOrReadersAreMissing() throws {
    let ring = try Ring.small(slots: 2, readers: 3, sharing: .broadcast)
    let producer = RingProducer(ring)
    ring.awaitedReaderCount = 2
    #expect(producer.claimIfFree() == nil && ring.missingReaderCount == 1)
    #expect(!producer.controlIsSignalled)
    _ = ring.join(place: 2, processID: 1)
    #expect(producer.controlIsSignalled && ring.missingReaderCount == 0)
    try producer.publish(0)
    // Once begun it does not stop for those that go.
    ring.end(place: 2)
    #expect(ring.missingReaderCount == 0)
    try producer.publish(1)
    ring.end(place: 0)
    #expect(producer.claimIfFree() == nil)
  }

  @Test func theLeastEpochThatAnActiveReaderWantsIsWhatTheProducerIsAskedFor() throws {
    let ring = try Ring.small(slots: 2, readers: 3)
    let producer = RingProducer(ring)
    _ = ring.join(place: 1, processID: 1)
    RingConsumer(ring).request(epoch: 4)
    #expect(producer.requestedEpoch == 0)
    RingConsumer(ring, reader: 1).request(epoch: 3)
    #expect(producer.requestedEpoch == 3)
    // One that has come late and taken nothing has asked for nothing.
    try producer.publish(0)
    _ = ring.join(place: 2, processID: 1)
    #expect(producer.requestedEpoch == 3)
    ring.leave(place: 1)
    #expect(producer.requestedEpoch == 4)
    ring.leave(place: 0)
    #expect(producer.requestedEpoch == nil)
  }
}
